#include "host_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "cdc/base/utf8.h"

namespace cdc::conduit {
namespace {

constexpr std::size_t longest_text_bytes = 8'000;  // each byte may become six, and 64 KiB is the host's limit
constexpr int patience_ms = 200;

std::string_view level_name(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warning: return "warn";
    case LogLevel::error: return "error";
  }
  return "info";
}

void append_escaped(std::string& out, std::string_view text) {
  const bool valid = is_valid_utf8(text);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\', out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += byte < 0x80 || valid ? c : '?';
    }
  }
}

/// Not in the middle of a UTF-8 sequence.
std::string_view cut(std::string_view text) noexcept {
  if (text.size() <= longest_text_bytes) return text;
  std::size_t end = longest_text_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

/// Writes all or nothing that would block for long. stderr does not block: see log_to_host.
void write_line(std::string_view line) {
  while (!line.empty()) {
    const auto written = ::write(STDERR_FILENO, line.data(), line.size());
    if (written > 0) {
      line.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    pollfd room{STDERR_FILENO, POLLOUT, 0};
    if (errno != EAGAIN || ::poll(&room, 1, patience_ms) <= 0) return;
  }
}

}  // namespace

std::string log_line(LogLevel level, std::string_view text) {
  std::string out = fmt::format(R"({{"@level":"{}","@message":")", level_name(level));
  const std::string_view shown = cut(text);
  append_escaped(out, shown);
  out += shown.size() < text.size() ? "…\"}\n" : "\"}\n";
  return out;
}

void log_to_host(LogLevel lowest) {
  ::fcntl(STDERR_FILENO, F_SETFL, ::fcntl(STDERR_FILENO, F_GETFL) | O_NONBLOCK);
  set_log_level(lowest);
  set_log_writer([](LogLevel level, std::string_view line) { write_line(log_line(level, line)); });
}

}  // namespace cdc::conduit
