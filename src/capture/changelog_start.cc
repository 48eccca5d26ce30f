#include "changelog_start.h"

#include <fmt/format.h>

#include <algorithm>

#include "captured_tables.h"
#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "changelog_sequencer.h"
#include "changelog_state.h"

namespace cdc::capture {
namespace {

constexpr std::size_t round_max = 5'000;

}  // namespace

catalog::ChangelogNames find_names(mysql::Connection& connection, const CaptureOptions& options) {
  const config::Settings& settings = options.settings;
  std::vector<std::pair<std::string, std::string>> tables;
  if (settings.trigger.schema.empty() && options.default_schema.empty()) tables = find_tables(connection, options);
  return catalog::changelog_names(settings.trigger.schema, settings.trigger.prefix, options.default_schema, tables);
}

std::string rules_of(const CaptureOptions& options) { return config::rules_fingerprint(options.settings, options.default_schema); }

ChangelogFrom changelog_from(const CaptureOptions& options, const Position& start, ChangelogPosition& position) {
  const std::string& from = options.range.from;
  Position stored = start;
  if (std::holds_alternative<std::monostate>(stored) && from.starts_with('{')) stored = parse_position(from);
  if (const auto* const at = std::get_if<ChangelogPosition>(&stored)) return position = *at, ChangelogFrom::position;
  if (!std::holds_alternative<std::monostate>(stored))
    throw Error{ErrorCode::position_invalid, Remedy::operate, "the position is of the binlog, and the changes are read from a changelog",
                "go on with engine=binlog, or start anew without the position"};
  if (from.empty() || from == "now") return ChangelogFrom::now;
  if (from == "earliest") return ChangelogFrom::earliest;
  throw Error{ErrorCode::setting_invalid, Remedy::operate, "a changelog can be read from now, from earliest, or from a position of its own",
              "start=now or start=earliest"};
}

ChangelogPosition choose_changelog_start(mysql::Connection& connection, const CaptureOptions& options, const catalog::ChangelogNames& names,
                                         const Position& start) {
  ChangelogPosition out;
  const ChangelogFrom from = changelog_from(options, start, out);
  if (from == ChangelogFrom::position) return out;
  if (!catalog::load_changelog_meta(connection, names)) throw changelog_missing(names);
  if (from == ChangelogFrom::now) {
    while (sequence_round(connection, names, round_max) == round_max) {
    }
  }
  const ChangelogState state = read_changelog(connection, names);
  out.epoch = state.epoch;
  out.seq = from == ChangelogFrom::now ? state.next_seq - 1 : state.purged_seq;
  out.id = id_of_entry(connection, names, out.seq).value_or(0);
  return out;
}

void log_connected(const mysql::Endpoint& endpoint, const mysql::Connection& connection, const catalog::ChangelogNames& names,
                   const ChangelogPosition& first) {
  log(LogLevel::info, fmt::format("connected to {} ({}), changelog {}, behind entry {}", mysql::display_name(endpoint),
                                  connection.version().text, names.quoted("log"), first.seq));
}

void require_captured(mysql::Connection& connection, const CaptureOptions& options, const catalog::ChangelogNames& names,
                      ChangelogTables& tables) {
  const auto active = tables.active(connection);
  std::string missing;
  for (const auto& name : find_tables(connection, options)) {
    if (names.owns(name.first, name.second) || std::binary_search(active.begin(), active.end(), name)) continue;
    missing += fmt::format("{}{}.{}", missing.empty() ? "" : ", ", name.first, name.second);
  }
  if (missing.empty()) return;
  throw Error{ErrorCode::changelog_missing, Remedy::operate, fmt::format("no triggers write the changes of {}", missing),
              fmt::format("mysql-cdc triggers install URL --tables '{}' --apply; or leave them out of `tables`", missing)};
}

}  // namespace cdc::capture
