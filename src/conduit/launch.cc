#include "launch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "cdc/base/error.h"

namespace cdc::conduit {
namespace {

constexpr const char* cookie_variable = "CONDUIT_PLUGIN_MAGIC_COOKIE";
constexpr std::string_view cookie = "204e8e812c3a1bb73b838928c575b42a105dd2e9aa449be481bc4590486df53f";
constexpr std::string_view our_version = "2";

struct LevelName {
  std::string_view name;
  LogLevel level;
};
constexpr std::array<LevelName, 5> level_names{{{"trace", LogLevel::debug},
                                                {"debug", LogLevel::debug},
                                                {"info", LogLevel::info},
                                                {"warn", LogLevel::warning},
                                                {"error", LogLevel::error}}};

std::string_view value_of(const Environment& environment, const char* name) {
  const char* const value = environment(name);
  return value == nullptr ? std::string_view{} : value;
}

bool lists(std::string_view comma_list, std::string_view wanted) {
  for (std::size_t at = 0; at <= comma_list.size();) {
    const std::size_t end = std::min(comma_list.find(',', at), comma_list.size());
    if (comma_list.substr(at, end - at) == wanted) return true;
    at = end + 1;
  }
  return false;
}

LogLevel level_of(std::string_view name) {
  const auto* const found =
      std::find_if(level_names.begin(), level_names.end(), [&](const LevelName& known) { return known.name == name; });
  return found == level_names.end() ? LogLevel::info : found->level;
}

std::string first_folder(const Environment& environment) {
  for (const char* const name : {"PLUGIN_UNIX_SOCKET_DIR", "TMPDIR"}) {
    if (const auto folder = value_of(environment, name); !folder.empty()) return std::string{folder};
  }
  return "/tmp";
}

}  // namespace

bool has_magic_cookie(const Environment& environment) { return value_of(environment, cookie_variable) == cookie; }

Launch read_launch(const Environment& environment) {
  const auto versions = value_of(environment, "PLUGIN_PROTOCOL_VERSIONS");
  if (!versions.empty() && !lists(versions, our_version)) {
    throw Error{ErrorCode::plugin_launch, Remedy::operate,
                fmt::format("the host speaks connector protocol {}, this connector {}", versions.substr(0, 100), our_version),
                "use Conduit 0.12 or later"};
  }
  Launch out;
  out.socket_parent = first_folder(environment);
  out.schema_target = value_of(environment, "CONDUIT_CONNECTOR_UTILITIES_GRPC_TARGET");
  out.token = value_of(environment, "CONDUIT_CONNECTOR_TOKEN");
  out.connector_id = value_of(environment, "CONDUIT_CONNECTOR_ID");
  out.log_level = level_of(value_of(environment, "CONDUIT_CONNECTOR_LOG_LEVEL"));
  out.may_run_commands = value_of(environment, "MYSQL_CDC_ALLOW_COMMAND") == "1";
  return out;
}

}  // namespace cdc::conduit
