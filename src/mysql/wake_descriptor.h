#pragma once

/// What interrupts a blocked read from another thread.

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace cdc::mysql {

/// A second descriptor of a connection's socket. The connector closes its own whenever it likes, and
/// that number may then mean another file; this one stays valid until destroyed.
class WakeDescriptor {
 public:
  WakeDescriptor() = default;
  explicit WakeDescriptor(int socket) noexcept : fd_{::fcntl(socket, F_DUPFD_CLOEXEC, 0)} {}
  WakeDescriptor(WakeDescriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  WakeDescriptor& operator=(WakeDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~WakeDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  /// Every read and write on the socket ends at once, now and later. From any thread.
  /// The close that follows resets the link: after an orderly one a server that is blocked in a write to us would go on asking whether
  /// there is room, be told by the kernel that there is none, and keep its statement and transaction until its net_write_timeout.
  void shut_down() const noexcept {
    constexpr linger reset_on_close{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &reset_on_close, sizeof reset_on_close);
    ::shutdown(fd_, SHUT_RDWR);
  }
  int get() const noexcept { return fd_; }

 private:
  int fd_ = -1;
};

struct ShutDownSocket {
  const WakeDescriptor* socket;
  void operator()() const noexcept { socket->shut_down(); }
};

}  // namespace cdc::mysql
