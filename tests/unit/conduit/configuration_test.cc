#include "configuration.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "cdc/base/error.h"

namespace cdc::conduit {
namespace {

const config::Entries good{{"url", "mysql://u:geheim@127.0.0.1/shop"}, {"snapshot.mode", "never"}};

config::Entries with(const config::Entries& more) {
  config::Entries out = more;
  out.insert(good.begin(), good.end());
  return out;
}

/// What is said of these settings; empty when they are taken.
std::string complaint(const config::Entries& entries, bool may_run_commands = false) {
  try {
    static_cast<void>(read_configuration(entries, may_run_commands));
    return {};
  } catch (const Error& error) {
    CHECK(error.remedy() == Remedy::operate);
    CHECK(error.message().find("geheim") == std::string_view::npos);
    return std::string{error.message()};
  }
}

TEST_CASE("one mistake, in the words that users of the host know") {
  struct Case {
    std::string name;
    config::Entries entries;
    std::string text;
  };
  const Case cases[] = {
      {"no URL",
       {{"snapshot.mode", "never"}},
       R"(config invalid: error validating "url": required parameter is not provided; for example )"
       "mysql://user:password@host:3306/schema"},
      {"unknown", with({{"tabels", "x"}}), R"(config invalid: "tabels": unrecognized parameter; did you mean tables?)"},
      {"a command", with({{"url.passwordCommand", "cat /token"}}),
       R"(config invalid: error validating "url.passwordCommand": commands are off; set MYSQL_CDC_ALLOW_COMMAND=1 in the environment of Conduit)"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(complaint(c.entries) == c.text);
  }
}

TEST_CASE("all mistakes come in one answer, a line each") {
  const std::string text = complaint({{"tabels", "x"}, {"heartbeat", "soon"}, {"sdk.batch.size", "-1"}});
  for (const std::string key : {"\"url\"", "\"tabels\"", "\"heartbeat\"", "\"sdk.batch.size\""}) {
    CAPTURE(text);
    CHECK(text.find(key) != std::string::npos);
  }
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
}

TEST_CASE("white space around keys and values does not matter, a blank value is none") {
  const config::Settings settings =
      read_configuration({{" url ", " mysql://u@h/s "}, {"snapshot.mode\n", "\tnever"}, {"tables", "  "}}, false);
  CHECK(settings.url == "mysql://u@h/s");
  CHECK(settings.snapshot_mode == config::SnapshotMode::never);
  CHECK(settings.tables == "*");
}

TEST_CASE("a Go DSN is taken, and the Go connector's way to have a snapshot or none") {
  CHECK(complaint({{"dsn", "u:p@tcp(h:3306)/shop"}, {"snapshot.enabled", "false"}}).empty());
  CHECK(complaint({{"dsn", "u:p@tcp(h:3306)/shop"}, {"snapshot.enabled", "true"}}).empty());
}

TEST_CASE("who started the host may allow commands") { CHECK(complaint(with({{"url.passwordCommand", "cat /token"}}), true).empty()); }

}  // namespace
}  // namespace cdc::conduit
