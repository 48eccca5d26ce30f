#pragma once

/// The two hooks that the connector offers into its network code, and its start.

#include <mysql.h>

#include <cstddef>
#include <span>

namespace cdc::mysql {

/// Takes part in a login: sees what comes in before it is answered, and does the waiting.
class LoginObserver {
 public:
  /// The connector's wait on a plain socket, connects included. > 0 ready, 0 timed out, < 0 failed.
  virtual int wait_for(int socket, bool is_read, int timeout_ms) noexcept = 0;
  /// Bytes just read from the network (inside TLS: decrypted), not yet looked at by the connector.
  virtual void see(MYSQL* handle, std::span<const std::byte> data) noexcept = 0;

 protected:
  ~LoginObserver() = default;
};

/// While it lives, logins of this thread are observed.
class ObservedLogin {
 public:
  explicit ObservedLogin(LoginObserver& observer) noexcept;
  ~ObservedLogin();
  ObservedLogin(const ObservedLogin&) = delete;
  ObservedLogin& operator=(const ObservedLogin&) = delete;
};

/// Initialises the connector, once a process. Throws Error.
void start_library();

/// Routes the waits of this handle through the hook.
void hook_waits(MYSQL* handle);

/// Waits until the socket is ready; a timeout of -1 is none. > 0 ready, 0 timed out (errno ETIMEDOUT), < 0 failed.
int wait_for_socket(int socket, bool is_read, int timeout_ms) noexcept;

}  // namespace cdc::mysql
