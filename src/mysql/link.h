#pragma once

/// A logged-in handle of the connector and what it takes to interrupt it.

#include <mysql.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <stop_token>
#include <utility>

#include "cdc/mysql/connection.h"
#include "server_errors.h"

namespace cdc::mysql {

struct CloseHandle {
  void operator()(MYSQL* handle) const noexcept { mysql_close(handle); }
};
using Handle = std::unique_ptr<MYSQL, CloseHandle>;

/// A second descriptor of the connection's socket. The connector closes its own whenever it likes and
/// the number may then mean another file; this one stays valid until destroyed.
class WakeDescriptor {
 public:
  WakeDescriptor() = default;
  explicit WakeDescriptor(int socket) noexcept : fd_{::dup(socket)} {}
  WakeDescriptor(WakeDescriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  WakeDescriptor& operator=(WakeDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~WakeDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  /// Every read and write on the socket ends at once. From any thread.
  void shut_down() const noexcept { ::shutdown(fd_, SHUT_RDWR); }
  int get() const noexcept { return fd_; }

 private:
  int fd_ = -1;
};

struct ShutDownSocket {
  const WakeDescriptor* socket;
  void operator()() const noexcept { socket->shut_down(); }
};

/// A connection after login, before the session is set up.
struct Link {
  WakeDescriptor wake;
  Handle handle;
};

/// Connects and logs in, in a thread of its own that is abandoned on stop. Throws Error.
Link dial(const Endpoint& endpoint, const Peer& peer, const std::stop_token& stop);

/// Sets every option of the connector that the endpoint decides. Throws Error(tls_failed) for files it cannot read.
void apply_options(MYSQL* handle, const Endpoint& endpoint);

/// The connector's last error as ours.
Error last_error(MYSQL* handle, const Peer& peer, std::string_view doing);

struct Connection::State {
  State(const Endpoint& endpoint, std::stop_token stop_token);
  ~State();
  void run(std::string_view sql);

  Peer peer;
  std::stop_token stop;
  Link link;
  ServerVersion version;
  std::stop_callback<ShutDownSocket> wake_on_stop;  ///< Declared last: gone before the socket is closed.
};

}  // namespace cdc::mysql
