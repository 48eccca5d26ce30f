#include "dry_run_settings.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "cdc/base/error.h"
#include "cdc/base/log.h"

namespace cdc::cli {
namespace {

/// A file that is gone at the end.
class Scratch {
 public:
  explicit Scratch(const std::string& content, const std::string& suffix = "")
      : path_{"/tmp/cdc_cli_" + std::to_string(::getpid()) + suffix} {
    std::ofstream{path_} << content;
  }
  ~Scratch() { ::unlink(path_.c_str()); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The environment as the test says, and as it was again.
class Environment {
 public:
  explicit Environment(const char* url) { url == nullptr ? ::unsetenv("MYSQL_CDC_URL") : ::setenv("MYSQL_CDC_URL", url, 1); }
  ~Environment() { ::unsetenv("MYSQL_CDC_URL"); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
};

TEST_CASE("the later source of a setting wins") {
  const Scratch file{"url: mysql://file@h/\ntables: from_file\nmetadata: lean\nheartbeat: 5s\n"};
  const Environment environment{"mysql://environment@h/"};
  DryRunArguments arguments;
  arguments.config_file = file.path();
  CHECK(read_settings(arguments).settings.url == "mysql://file@h/");
  arguments.url = "mysql://argument@h/";
  arguments.set = {"tables=from_set", "metadata=full"};
  arguments.metadata = "standard";
  const DryRunSettings given = read_settings(arguments);
  CHECK(given.settings.url == "mysql://argument@h/");
  CHECK(given.settings.tables == "from_set");
  CHECK(given.settings.metadata == config::MetadataLevel::standard);
  CHECK(given.settings.heartbeat == std::chrono::seconds{5});
}

TEST_CASE("the URL may come from the environment, and files need none") {
  {
    const Environment environment{"mysql://environment@h/"};
    CHECK(read_settings({}).settings.url == "mysql://environment@h/");
  }
  const Environment none{nullptr};
  CHECK_THROWS_AS(read_settings({}), Error);
  DryRunArguments files;
  files.binlog_files = {"binlog.000001"};
  CHECK(read_settings(files).settings.url.empty());
  CHECK(read_settings(files).range.from == "earliest");
}

TEST_CASE("where a run begins: the option, else the setting, else now") {
  DryRunArguments arguments;
  arguments.url = "mysql://u@h/";
  CHECK(read_settings(arguments).range.from == "now");
  arguments.set = {"start=earliest"};
  CHECK(read_settings(arguments).range.from == "earliest");
  arguments.from = "binlog.000001:4";
  CHECK(read_settings(arguments).range.from == "binlog.000001:4");
}

TEST_CASE("settings that a dry run does not follow are dropped, and told") {
  std::vector<std::string> lines;
  set_log_writer([&](LogLevel, std::string_view line) { lines.emplace_back(line); });
  DryRunArguments arguments;
  arguments.url = "mysql://u@h/";
  arguments.set = {"serverId=5", "snapshot.mode=initial"};
  CHECK_FALSE(read_settings(arguments).settings.server_id.has_value());
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].starts_with("serverId is ignored: "));
  CHECK(lines[1].starts_with("snapshot.mode is ignored: "));
  CHECK(read_settings(arguments).settings.snapshot_mode == config::SnapshotMode::never);
  arguments.snapshot = true;
  for (const auto& [given, meant] : {std::pair{"initial", config::SnapshotMode::initial},
                                     {"only", config::SnapshotMode::only},
                                     {"never", config::SnapshotMode::initial}}) {
    arguments.set = {fmt::format("snapshot.mode={}", given)};
    CHECK(read_settings(arguments).settings.snapshot_mode == meant);
  }
  set_log_writer([](LogLevel, std::string_view) {});
}

TEST_CASE("a pipeline file may have colons in its name, and a connector behind it") {
  const std::string yaml =
      "version: \"2.2\"\npipelines:\n  - id: p\n    connectors:\n"
      "      - {id: one, type: source, plugin: mysql, settings: {url: \"mysql://one@h/\"}}\n"
      "      - {id: two, type: source, plugin: mysql, settings: {url: \"mysql://two@h/\"}}\n";
  const Scratch file{yaml, ":a.yaml"};
  DryRunArguments arguments;
  arguments.pipeline_file = file.path() + ":two";
  const DryRunSettings given = read_settings(arguments);
  CHECK(given.settings.url == "mysql://two@h/");
  CHECK(given.connector_id == "p:two");
}

TEST_CASE("all that is wrong is told in one answer") {
  DryRunArguments arguments;
  arguments.url = "mysql://u@h/";
  arguments.set = {"heartbeat=never", "tabels=x"};
  try {
    read_settings(arguments);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.message().find("heartbeat") != std::string_view::npos);
    CHECK(error.message().find("tabels") != std::string_view::npos);
  }
  arguments.set = {"heartbeat"};
  CHECK_THROWS_WITH_AS(read_settings(arguments), "MYC1000: --set wants KEY=VALUE\n  cure: for example --set heartbeat=5s", Error);
}

}  // namespace
}  // namespace cdc::cli
