#include "cdc/conduit/plugin.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "capture_pipeline.h"
#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "host_log.h"
#include "launch.h"
#include "presence.h"
#include "server.h"
#include "session.h"
#include "socket_folder.h"

namespace cdc::conduit {
namespace {

constexpr std::chrono::milliseconds calls_to_end{50};
constexpr int exit_done = 0, exit_failed = 1;

const char* process_environment(const char* name) { return std::getenv(name); }

/// The one line on stdout: go-plugin's `core|protocol|network|address|kind|certificate`.
bool shake_hands(const std::string& socket_path) {
  const std::string line = fmt::format("1|2|unix|{}|grpc|\n", socket_path);
  return ::write(STDOUT_FILENO, line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

std::string_view text_of(EndReason reason) noexcept {
  switch (reason) {
    case EndReason::shutdown: return {};
    case EndReason::parent_gone: return "the host is gone; this process ends";
    case EndReason::nobody_called: return "no host has called for a minute; this process ends";
    case EndReason::told_to_end: return "told to end (SIGTERM), and the host did not end the connector; this process ends";
  }
  return {};
}

int serve(const Launch& launch, std::stop_token terminated) {
  // Never destroyed, these and the server: calls may use them to the process's end.
  Presence* const presence = new Presence;
  Session* const session = new Session{capture_pipelines(launch)};
  const SocketFolder folder{launch.socket_parent};
  Server* const server = new Server{folder.socket_path(), Plugin{*session, *presence}};
  if (!shake_hands(folder.socket_path())) return exit_failed;
  const EndReason reason = presence->wait_for_end(std::move(terminated));
  if (const auto text = text_of(reason); !text.empty()) log(LogLevel::warning, text);
  session->abandon();
  server->stop(calls_to_end);
  return exit_done;
}

}  // namespace

bool started_by_host() noexcept { return has_magic_cookie(process_environment); }

int run_plugin(std::stop_token terminated) {
  ::umask(S_IRWXG | S_IRWXO);
  ::setenv("GRPC_VERBOSITY", "NONE", 0);  // its own lines would reach the host's log without a level
  log_to_host(LogLevel::info);
  try {
    const Launch launch = read_launch(process_environment);
    set_log_level(launch.log_level);
    return serve(launch, std::move(terminated));
  } catch (const Error& error) {
    log(LogLevel::error, error.what());
  } catch (const std::exception& failure) {  // memory, threads: nothing of ours
    log(LogLevel::error, failure.what());
  }
  return exit_failed;
}

}  // namespace cdc::conduit
