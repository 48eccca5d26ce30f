#pragma once

/// Runs a command that prints a secret, within limits.

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace cdc::config {

/// Words as a shell would split them: white space between, '…' and "…" around, a backslash before
/// one character (in "…" only before " \ $ `). Nothing is expanded. Empty when a quote stays open
/// or there is no word.
std::vector<std::string> split_words(std::string_view line);

struct CommandLimits {
  std::size_t most_bytes = 4'096;  ///< Of what it prints.
  std::chrono::milliseconds time{10'000};
};

/// What the program prints on stdout; it reads nothing, and its stderr goes nowhere. It gets our
/// environment without CONDUIT_*. It and its children are killed when a limit is passed or on stop.
/// Throws Error(access_denied) that names `setting` but nothing of the command line or its output;
/// Error(connection_lost) on stop.
std::string run_command(std::string_view setting, const std::vector<std::string>& words, const CommandLimits& limits,
                        const std::stop_token& stop);

}  // namespace cdc::config
