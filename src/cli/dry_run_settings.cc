#include "dry_run_settings.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>

#include "cdc/base/error.h"
#include "cdc/base/log.h"

namespace cdc::cli {
namespace {

constexpr const char* url_variable = "MYSQL_CDC_URL";

struct Ignored {
  std::string_view key, why;
};
constexpr Ignored ignored_server_id{"serverId", "a dry run takes a random one, so that the real reader is not disturbed"};
constexpr Ignored ignored_snapshot_mode{"snapshot.mode", "a dry run shows rows that exist already with --snapshot only"};

bool file_exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

/// `FILE[:CONNECTOR]`: the file is the shortest beginning that exists, as both parts may hold colons.
config::PipelineSource read_pipeline(const std::string& given) {
  for (std::size_t colon = given.find(':'); colon != given.npos; colon = given.find(':', colon + 1)) {
    const std::string path = given.substr(0, colon);
    if (file_exists(path)) return config::read_pipeline_source(path, given.substr(colon + 1));
  }
  return config::read_pipeline_source(given, {});
}

void add_assignment(config::Entries& entries, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == text.npos || equals == 0) {
    throw Error{ErrorCode::usage, Remedy::operate, "--set wants KEY=VALUE", "for example --set heartbeat=5s"};
  }
  entries[text.substr(0, equals)] = text.substr(equals + 1);
}

void set_url(config::Entries& entries, const std::string& url) {
  entries.erase("dsn");
  entries["url"] = url;
}

void add_environment(config::Entries& entries) {
  const char* const url = std::getenv(url_variable);
  if (url != nullptr && entries.count("url") + entries.count("dsn") == 0) set_url(entries, url);
}

void add_options(config::Entries& entries, const DryRunArguments& arguments) {
  for (const std::string& assignment : arguments.set) add_assignment(entries, assignment);
  const std::pair<const char*, const std::string&> options[] = {
      {"tables", arguments.tables}, {"metadata", arguments.metadata}, {"collection", arguments.collection}};
  for (const auto& [key, value] : options) {
    if (!value.empty()) entries[key] = value;
  }
}

void drop(config::Entries& entries, const Ignored& ignored) {
  if (entries.erase(std::string{ignored.key}) != 0) log(LogLevel::info, fmt::format("{} is ignored: {}", ignored.key, ignored.why));
}

/// A record's position to go on with: one of a snapshot, or any together with --snapshot.
Position position_of(const std::string& from, bool any) {
  if (!from.starts_with('{')) return {};
  Position position = parse_position(from);
  return any || snapshot_of(position) != nullptr ? position : Position{};
}

}  // namespace

DryRunSettings read_settings(const DryRunArguments& arguments) {
  config::PipelineSource source;
  if (!arguments.pipeline_file.empty()) source = read_pipeline(arguments.pipeline_file);
  if (!arguments.config_file.empty()) source.entries = config::read_config_file(arguments.config_file);
  if (!arguments.url.empty()) set_url(source.entries, arguments.url);
  add_options(source.entries, arguments);
  const bool from_server = arguments.binlog_files.empty();
  if (from_server) add_environment(source.entries);
  drop(source.entries, ignored_server_id);
  if (!arguments.snapshot) drop(source.entries, ignored_snapshot_mode);

  DryRunSettings out;
  std::vector<config::Problem> problems;
  out.settings = config::parse_settings(source.entries, problems);
  if (from_server) config::require_url(out.settings, problems);
  config::throw_if_any(problems);
  for (const std::string& note : config::notes_on(source.entries)) log(LogLevel::info, note);
  out.range.from = !arguments.from.empty() ? arguments.from : from_server ? out.settings.start : "earliest";
  out.range.until = arguments.until;
  out.start = position_of(arguments.from, arguments.snapshot);
  const bool wanted = arguments.snapshot || !std::holds_alternative<std::monostate>(out.start);
  if (!wanted || (arguments.snapshot && out.settings.snapshot_mode == config::SnapshotMode::never))
    out.settings.snapshot_mode = wanted ? config::SnapshotMode::initial : config::SnapshotMode::never;
  out.connector_id = source.connector_id;
  return out;
}

}  // namespace cdc::cli
