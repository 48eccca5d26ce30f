#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "terminal.h"

namespace cdc::cli {
namespace {

constexpr std::size_t password_bytes_max = 4096;
constexpr int stop_check_ms = 100;

/// The terminal itself, not showing what is typed while this lives.
class SilentTerminal {
 public:
  SilentTerminal() : fd_{::open("/dev/tty", O_RDWR | O_CLOEXEC)} {
    usable_ = fd_ >= 0 && ::tcgetattr(fd_, &saved_) == 0;
    if (!usable_) return;
    termios silent = saved_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ICANON;
    usable_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
  }
  ~SilentTerminal() {
    if (usable_) ::tcsetattr(fd_, TCSAFLUSH, &saved_);
    if (usable_) write("\n");
    if (fd_ >= 0) ::close(fd_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  bool usable() const noexcept { return usable_; }
  void write(std::string_view text) const noexcept { static_cast<void>(!::write(fd_, text.data(), text.size())); }
  /// One character; none at the end or on a stop.
  std::optional<char> next(const std::stop_token& stop) const noexcept {
    pollfd request{fd_, POLLIN, 0};
    while (!stop.stop_requested()) {
      if (::poll(&request, 1, stop_check_ms) <= 0) continue;
      char c;
      return ::read(fd_, &c, 1) == 1 ? std::optional{c} : std::nullopt;
    }
    return std::nullopt;
  }

 private:
  int fd_;
  bool usable_ = false;
  termios saved_{};
};

}  // namespace

std::optional<std::string> ask_password(std::string_view prompt, const std::stop_token& stop) {
  const SilentTerminal terminal;
  if (!terminal.usable()) return std::nullopt;
  terminal.write(prompt);
  std::string out;
  out.reserve(password_bytes_max);  // does not move, so no copies stay behind
  while (const auto c = terminal.next(stop)) {
    if (*c == '\n' || out.size() == password_bytes_max) return out;
    out += *c;
  }
  return std::nullopt;
}

}  // namespace cdc::cli
