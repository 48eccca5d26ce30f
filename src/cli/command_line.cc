#include "cdc/cli/command_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>

#include "arguments.h"
#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/base/version.h"
#include "cdc/cli/output.h"
#include "dry_run.h"
#include "terminal.h"
#include "triggers.h"

namespace cdc::cli {
namespace {

/// Mistakes of whoever typed the command, not of a source.
constexpr std::array usage_codes{
    ErrorCode::usage,       ErrorCode::setting_invalid, ErrorCode::setting_unknown, ErrorCode::setting_unavailable,
    ErrorCode::url_invalid, ErrorCode::config_file,     ErrorCode::position_invalid};

int exit_status_of(const Error& error) noexcept {
  if (std::find(usage_codes.begin(), usage_codes.end(), error.code()) != usage_codes.end()) return exit_usage;
  return error.remedy() == Remedy::fix ? exit_undecodable : exit_refused;
}

void print(std::string_view text) {
  Output output{STDOUT_FILENO, {}};
  output.buffer().append(text);
  output.flush();
}

int run(const Arguments& arguments, std::stop_token interrupted) {
  switch (arguments.command) {
    case Arguments::Command::help: return print(arguments.help), exit_done;
    case Arguments::Command::version: return print(fmt::format("mysql-cdc {}\n", program_version())), exit_done;
    case Arguments::Command::triggers: return triggers(arguments.triggers, arguments.color, interrupted);
    case Arguments::Command::dry_run: return dry_run(arguments.dry_run, arguments.color, std::move(interrupted));
  }
  return exit_usage;
}

void warn_of_password() {
  log(LogLevel::warning,
      "a password among the arguments can be read by others for a moment; MYSQL_CDC_URL, url.passwordFile or --ask-password keep it "
      "secret");
}

}  // namespace

int run_command_line(int argc, char** argv, std::stop_token interrupted) {
  bool color = wants_color(When::automatic, STDERR_FILENO);
  try {
    const Arguments arguments = parse_arguments(argc, argv);
    color = wants_color(arguments.color, STDERR_FILENO);
    log_to_stderr(color);
    if (hide_passwords(argc, argv)) warn_of_password();
    return run(arguments, interrupted);
  } catch (const Error& error) {
    hide_passwords(argc, argv);
    if (interrupted.stop_requested()) return exit_interrupted;
    print_error(error, color);
    return exit_status_of(error);
  } catch (const std::exception& failure) {  // memory, threads: nothing of ours
    write_to_stderr(fmt::format("error: {}\n", failure.what()));
    return exit_undecodable;
  }
}

}  // namespace cdc::cli
