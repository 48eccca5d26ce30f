#pragma once

/// The program as a person runs it.

#include <stop_token>

namespace cdc::cli {

enum ExitCode : int { exit_done = 0, exit_usage = 1, exit_refused = 2, exit_undecodable = 3, exit_interrupted = 130 };

/// Runs the command that argv names; errors are printed, not thrown. Passwords in argv are overwritten
/// at once. A request on `interrupted` ends it soon, with exit_interrupted.
int run_command_line(int argc, char** argv, std::stop_token interrupted);

}  // namespace cdc::cli
