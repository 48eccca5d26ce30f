#include "host_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string>

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

/// stderr as a pipe that may be full. One line at a time: the log's lock is held.
class Pipe {
 public:
  /// What does not go within the patience is lost, and until something goes again nobody waits for it.
  void write_line(std::string line) {
    if (torn_) line.insert(line.begin(), '\n');
    std::string_view rest{line};
    while (!rest.empty() && write_some(rest)) {
    }
    patient_ = rest.empty();
    torn_ = torn_ ? !rest.empty() : !rest.empty() && rest.size() != line.size();
  }

 private:
  bool write_some(std::string_view& rest) const {
    const auto written = ::write(STDERR_FILENO, rest.data(), rest.size());
    if (written > 0) return rest.remove_prefix(static_cast<std::size_t>(written)), true;
    if (errno == EINTR) return true;
    pollfd room{STDERR_FILENO, POLLOUT, 0};
    return errno == EAGAIN && ::poll(&room, 1, patient_ ? patience_ms : 0) > 0;
  }

  bool patient_ = true;
  bool torn_ = false;  ///< The last line was cut: the next one begins on a line of its own.
};

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
  set_log_writer([pipe = Pipe{}](LogLevel level, std::string_view line) mutable { pipe.write_line(log_line(level, line)); });
}

}  // namespace cdc::conduit
