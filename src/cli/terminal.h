#pragma once

/// What standard output and standard error are, and how to talk to the person in front of them.

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "arguments.h"
#include "cdc/base/error.h"

namespace cdc::cli {

bool is_terminal(int fd) noexcept;
/// Columns of standard output's terminal, or what COLUMNS says; 0 = no limit.
std::size_t terminal_columns();
/// `automatic`: on a terminal that can, unless NO_COLOR is set.
bool wants_color(When when, int fd);

/// Log lines go to stderr in colour or plain, control characters escaped.
void log_to_stderr(bool color);
/// `error MYC1203: what` and an indented cure, on stderr.
void print_error(const Error& error, bool color);
/// A dim line on stderr.
void print_note(std::string_view text, bool color);

/// Asks on the terminal without showing what is typed. None without a terminal, or on a stop.
std::optional<std::string> ask_password(std::string_view prompt, const std::stop_token& stop);

}  // namespace cdc::cli
