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
  void shut_down() const noexcept { ::shutdown(fd_, SHUT_RDWR); }
  int get() const noexcept { return fd_; }

 private:
  int fd_ = -1;
};

struct ShutDownSocket {
  const WakeDescriptor* socket;
  void operator()() const noexcept { socket->shut_down(); }
};

}  // namespace cdc::mysql
