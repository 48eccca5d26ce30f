#include "arguments.h"

#include <doctest/doctest.h>

#include "cdc/base/error.h"
#include "cdc/config/settings.h"
#include "help.h"

namespace cdc::cli {
namespace {

using namespace std::chrono_literals;

Arguments parse(std::vector<const char*> words) {
  words.insert(words.begin(), "mysql-cdc");
  return parse_arguments(static_cast<int>(words.size()), words.data());
}

TEST_CASE("commands and their help") {
  CHECK(parse({}).command == Arguments::Command::help);
  CHECK(parse({"--help"}).help == main_help);
  CHECK(parse({"dry-run", "--help"}).help == dry_run_help);
  CHECK(parse({"dry-run", "-h"}).command == Arguments::Command::help);
  CHECK(parse({"version", "--help"}).help == version_help);
  CHECK(parse({"version"}).command == Arguments::Command::version);
  CHECK(parse({"--version"}).command == Arguments::Command::version);
  CHECK(parse({"dry-run", "mysql://a"}).command == Arguments::Command::dry_run);
}

TEST_CASE("everything that dry-run takes") {
  const DryRunArguments a = parse({"dry-run", "mysql://u@h/d", "--set", "a=1",          "--set=b=2=3", "--tables",      "x,!y", "--from",
                                   "now",     "--until",       "b.1:4", "--limit",      "12",          "--for",         "90s",  "--format",
                                   "sql",     "--metadata",    "full",  "--collection", "table",       "--ask-password"})
                                .dry_run;
  CHECK(a.url == "mysql://u@h/d");
  CHECK(a.set == std::vector<std::string>{"a=1", "b=2=3"});
  CHECK(a.tables == "x,!y");
  CHECK(a.from == "now");
  CHECK(a.until == "b.1:4");
  CHECK(a.limit == 12);
  CHECK(a.duration == 90s);
  CHECK(a.format == Format::sql);
  CHECK(a.metadata == "full");
  CHECK(a.collection == "table");
  CHECK(a.ask_password);
  CHECK(parse({"dry-run", "--binlog", "a", "b", "--limit", "1", "--binlog", "c"}).dry_run.binlog_files ==
        std::vector<std::string>{"a", "b", "c"});
  CHECK(parse({"dry-run", "--color", "never", "u"}).color == When::never);
  CHECK(parse({"dry-run", "--pipeline", "p.yaml:src"}).dry_run.pipeline_file == "p.yaml:src");
}

TEST_CASE("every option is explained, and nothing else") {
  const std::vector<std::string> options{"--config", "--pipeline", "--binlog",     "--ask-password", "--tables",
                                         "--set",    "--from",     "--until",      "--limit",        "--for",
                                         "--format", "--metadata", "--collection", "--color",        "--snapshot"};
  for (const std::string& option : options) {
    CAPTURE(option);
    CHECK(dry_run_help.find("\n  " + option + " ") != std::string_view::npos);
    const char* const value = option == "--format" ? "text" : option == "--color" ? "auto" : "1";
    const bool flag = option == "--ask-password" || option == "--snapshot";
    CHECK_NOTHROW(flag ? parse({"dry-run", option.c_str()}) : parse({"dry-run", option.c_str(), value}));
  }
  std::size_t explained = 0;
  for (std::size_t at = dry_run_help.find("\n  --"); at != std::string_view::npos; at = dry_run_help.find("\n  --", at + 1)) ++explained;
  CHECK(explained == options.size());
}

TEST_CASE("a snapshot begins by itself, or goes on behind a record; files have none") {
  CHECK(parse({"dry-run", "u", "--snapshot", "--from", "{}"}).dry_run.snapshot);
  CHECK_THROWS_AS(parse({"dry-run", "u", "--snapshot", "--from", "earliest"}), Error);
  CHECK_THROWS_AS(parse({"dry-run", "--snapshot", "--binlog", "f"}), Error);
}

TEST_CASE("wrong usage says what and where help is") {
  struct Case {
    std::vector<const char*> words;
    std::string message, cure;
  };
  const Case cases[] = {
      {{"foo"}, "unknown command foo", "mysql-cdc --help"},
      {{"user:secret"}, "unknown command, or one argument too many", "mysql-cdc --help"},
      {{"jdbc:mysql://h/?user=u&password=secret"}, "unknown command, or one argument too many", "mysql-cdc --help"},
      {{"--uri=mysql://h/?password=secret"}, "unknown option, or one argument too many", "mysql-cdc --help"},
      {{"--foo"}, "unknown option --foo", "mysql-cdc --help"},
      {{"dry-run", "--foo"}, "unknown option --foo", "mysql-cdc dry-run --help"},
      {{"dry-run", "a", "b"}, "unknown argument b", "mysql-cdc dry-run --help"},
      {{"dry-run", "a", "mysql://u:secret@h"}, "one argument too many", "mysql-cdc dry-run --help"},
      {{"dry-run", "a", "--binlog", "b"}, "either a URL or --binlog, not both", "mysql-cdc dry-run --help"},
      {{"dry-run", "--config", "a", "--pipeline", "b"}, "--config excludes --pipeline", "mysql-cdc dry-run --help"},
      {{"dry-run", "--format", "xml"}, "--format: xml is none of json, sql, text", "mysql-cdc dry-run --help"},
      {{"dry-run", "--color", "blue"}, "--color: blue is none of always, auto, never", "mysql-cdc dry-run --help"},
      {{"dry-run", "--limit", "0"}, "--limit: 0 is no whole number from 1", "mysql-cdc dry-run --help"},
      {{"dry-run", "--limit", "3x"}, "--limit: 3x is no whole number from 1", "mysql-cdc dry-run --help"},
      {{"dry-run", "--for", "soon"}, "--for: soon is no duration such as 30s, 5m or 1h30m", "mysql-cdc dry-run --help"},
      {{"version", "3"}, "unknown argument 3", "mysql-cdc version --help"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.message);
    try {
      parse(c.words);
      FAIL_CHECK("no error");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::usage);
      CHECK(error.message() == c.message);
      CHECK(error.cure() == c.cure);
    }
  }
}

TEST_CASE("durations") {
  struct Case {
    std::string_view text;
    std::optional<std::chrono::milliseconds> value;
  };
  const Case cases[] = {{"10s", 10s}, {"250ms", 250ms}, {"5m", 5min}, {"1h30m", 90min}, {"1.5s", 1500ms}, {"2d", 48h},
                        {"7", 7s},    {"0", 0s},        {"", {}},     {"s", {}},        {"10x", {}},      {"-1s", {}},
                        {"1h30", {}}, {"1e3s", {}},     {"nan", {}},  {"1 s", {}},      {"ms", {}},       {"99999999999999d", {}}};
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(parse_duration(c.text) == c.value);
  }
}

TEST_CASE("passwords are overwritten in place") {
  struct Case {
    std::string argument, hidden;
  };
  const Case cases[] = {
      {"mysql://u:secret@h:3306/d?tls=off", "mysql://u:xxxxxx@h:3306/d?tls=off"},
      {"mysql://u:a@b:c@h/d", "mysql://u:xxxxx@h/d"},
      {"u:secret@tcp(h:3306)/d", "u:xxxxxx@tcp(h:3306)/d"},
      {"url=mysql://u:secret@h", "url=mysql://u:xxxxxx@h"},
      {"--set=dsn=mariadb://u:secret@h", "--set=dsn=mariadb://u:xxxxxx@h"},
      {"--set=dsn=u:secret@tcp(h:3306)/d", "--set=dsn=u:xxxxxx@tcp(h:3306)/d"},
      {"--from=binlog.000001:4", "--from=binlog.000001:4"},
      {"--until", "--until"},
      {"mysql://u@h:3306/d", "mysql://u@h:3306/d"},
      {"mysql://h:3306/d", "mysql://h:3306/d"},
      {"mysql://u:@h", "mysql://u:@h"},
      {"shop.*,!shop.tmp_*", "shop.*,!shop.tmp_*"},
      {"binlog.000001:4", "binlog.000001:4"},
      {"", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.argument);
    std::string program = "mysql-cdc", argument = c.argument;
    char* argv[] = {program.data(), argument.data(), nullptr};
    CHECK(hide_passwords(2, argv) == (c.argument != c.hidden));
    CHECK(argument == c.hidden);
  }
}

}  // namespace
}  // namespace cdc::cli
