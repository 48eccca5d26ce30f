#include "terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "cdc/base/log.h"
#include "text_style.h"

namespace cdc::cli {
namespace {

constexpr std::size_t columns_least = 40;

std::string_view environment(const char* name) noexcept {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view{} : value;
}

/// Each line of a message made harmless; lines after the first indented.
std::string harmless(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t end = text.find('\n');
    out += show_name(text.substr(0, end));
    if (end == text.npos) return out;
    out += "\n  ";
    text.remove_prefix(end + 1);
  }
}

void print_line(const StyledText& line) { write_to_stderr(fmt::format("{}\n", line.text())); }

void write_log(LogLevel level, std::string_view text, bool color) {
  StyledText line{color};
  if (level == LogLevel::warning) line.add(Style::warning, "warning: ");
  if (level == LogLevel::error) line.add(Style::error, "error: ");
  const bool quiet = level == LogLevel::info || level == LogLevel::debug;
  print_line(line.add(quiet ? Style::dim : Style::plain, harmless(text)));
}

}  // namespace

bool is_terminal(int fd) noexcept { return ::isatty(fd) == 1; }

std::size_t terminal_columns() {
  const std::string_view told = environment("COLUMNS");
  std::size_t columns = 0;
  std::from_chars(told.data(), told.data() + told.size(), columns);
  winsize size{};
  if (columns == 0 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) columns = size.ws_col;
  return columns == 0 ? 0 : std::max(columns, columns_least);
}

bool wants_color(When when, int fd) {
  if (when != When::automatic) return when == When::always;
  return is_terminal(fd) && environment("NO_COLOR").empty() && environment("TERM") != "dumb";
}

void log_to_stderr(bool color) {
  set_log_writer([color](LogLevel level, std::string_view text) { write_log(level, text, color); });
}

void print_error(const Error& error, bool color) {
  StyledText line{color};
  line.add(Style::error, fmt::format("error MYC{}", static_cast<unsigned>(error.code()))).add(Style::plain, ": ");
  print_line(line.add(Style::plain, harmless(error.message())));
  if (error.cure().empty()) return;
  print_line(StyledText{color}.add(Style::dim, "  cure: ").add(Style::plain, harmless(error.cure())));
}

void print_note(std::string_view text, bool color) { print_line(StyledText{color}.add(Style::dim, text)); }

}  // namespace cdc::cli
