#include "launch.h"

#include <doctest/doctest.h>

#include <map>

#include "cdc/base/error.h"

namespace cdc::conduit {
namespace {

using Variables = std::map<std::string, std::string>;

Environment environment(const Variables& variables) {
  return [&variables](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

constexpr const char* cookie = "204e8e812c3a1bb73b838928c575b42a105dd2e9aa449be481bc4590486df53f";

TEST_CASE("a host is known by its cookie alone") {
  struct Case {
    std::string name;
    Variables variables;
    bool started_by_host;
  };
  const Case cases[] = {{"nothing", {}, false},
                        {"the cookie", {{"CONDUIT_PLUGIN_MAGIC_COOKIE", cookie}}, true},
                        {"another cookie", {{"CONDUIT_PLUGIN_MAGIC_COOKIE", "204e"}}, false},
                        {"an empty cookie", {{"CONDUIT_PLUGIN_MAGIC_COOKIE", ""}}, false},
                        {"other variables only", {{"CONDUIT_CONNECTOR_ID", "x"}, {"PLUGIN_PROTOCOL_VERSIONS", "1,2"}}, false}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(has_magic_cookie(environment(c.variables)) == c.started_by_host);
  }
}

TEST_CASE("the second version of the protocol is found wherever it stands in the host's list") {
  struct Case {
    std::string versions;
    bool fits;
  };
  const Case cases[] = {{"1,2", true}, {"2,1", true}, {"2", true},       {"", true},
                        {"1", false},  {"12", false}, {"1,22,3", false}, {"x", false}};
  for (const Case& c : cases) {
    CAPTURE(c.versions);
    const Variables variables{{"PLUGIN_PROTOCOL_VERSIONS", c.versions}};
    if (c.fits) {
      CHECK_NOTHROW(read_launch(environment(variables)));
    } else {
      CHECK_THROWS_AS(read_launch(environment(variables)), Error);
    }
  }
}

TEST_CASE("every variable is optional") {
  const Launch launch = read_launch(environment({}));
  CHECK(launch.socket_parent == "/tmp");
  CHECK(launch.schema_target.empty());
  CHECK(launch.token.empty());
  CHECK(launch.connector_id.empty());
  CHECK(launch.log_level == LogLevel::info);
  CHECK_FALSE(launch.may_run_commands);
}

TEST_CASE("what the host tells is taken as it is") {
  const Variables variables{{"TMPDIR", "/t"},
                            {"CONDUIT_CONNECTOR_UTILITIES_GRPC_TARGET", "[::]:4711"},
                            {"CONDUIT_CONNECTOR_TOKEN", R"({"id":"a b"})"},
                            {"CONDUIT_CONNECTOR_ID", "p1:src"},
                            {"CONDUIT_CONNECTOR_LOG_LEVEL", "warn"},
                            {"MYSQL_CDC_ALLOW_COMMAND", "1"}};
  const Launch launch = read_launch(environment(variables));
  CHECK(launch.socket_parent == "/t");
  CHECK(launch.schema_target == "[::]:4711");
  CHECK(launch.token == R"({"id":"a b"})");
  CHECK(launch.connector_id == "p1:src");
  CHECK(launch.log_level == LogLevel::warning);
  CHECK(launch.may_run_commands);
}

TEST_CASE("the folder that the host names for sockets comes before TMPDIR") {
  const Variables variables{{"TMPDIR", "/t"}, {"PLUGIN_UNIX_SOCKET_DIR", "/sockets"}};
  CHECK(read_launch(environment(variables)).socket_parent == "/sockets");
}

TEST_CASE("log levels by name") {
  struct Case {
    std::string name;
    LogLevel level;
  };
  const Case cases[] = {{"trace", LogLevel::debug},  {"debug", LogLevel::debug}, {"info", LogLevel::info},
                        {"warn", LogLevel::warning}, {"error", LogLevel::error}, {"loud", LogLevel::info}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Variables variables{{"CONDUIT_CONNECTOR_LOG_LEVEL", c.name}};
    CHECK(read_launch(environment(variables)).log_level == c.level);
  }
}

}  // namespace
}  // namespace cdc::conduit
