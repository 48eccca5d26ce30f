#pragma once

/// Connecting, as an affair that can be left.
///
/// A name look-up cannot be interrupted, and the connector's own timeouts count each wait anew. So the
/// login runs in a thread of its own; the caller waits for it, for a stop and for the deadline, whichever
/// comes first. Leaving means: shut the socket down if there is one, then the thread ends within
/// milliseconds; else let the thread go, it ends itself when the look-up returns.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "connector_hooks.h"
#include "key_file.h"
#include "link.h"

namespace cdc::mysql {

/// What the caller and the connecting thread share. Held by shared_ptr because a name look-up cannot be
/// interrupted: whoever ends last frees it.
class Attempt final : private LoginObserver {
 public:
  /// Fetches the password and checks the files: may throw Error.
  Attempt(const Endpoint& endpoint, Peer peer);
  ~Attempt();
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  /// The connecting thread.
  void run() noexcept;
  /// The caller, once. Throws Error when the login failed, on stop and at the deadline.
  Link wait(const std::stop_token& stop);

  enum class Thread : std::uint8_t {
    ended,      ///< Or within microseconds of it.
    ends_soon,  ///< Left, its socket shut down.
    looks_up    ///< Left in a name look-up; will not touch a network or TLS any more.
  };
  /// After `wait`.
  Thread thread();

 private:
  enum class Stage : std::uint8_t { look_up, connect, greeting, login };

  int wait_for(int socket, bool is_read, int timeout_ms) noexcept override;
  void see(MYSQL* handle, std::span<const std::byte> data) noexcept override;
  void meet(MYSQL* handle) noexcept;
  bool asks_for_password() const noexcept;
  bool adopt(int socket) noexcept;
  bool log_in(MYSQL* handle);
  Error failure_of(MYSQL* handle) const;
  Error timeout_error() const;
  void finish(Handle handle, std::optional<Error> failure);

  Endpoint endpoint_;
  const Peer peer_;
  const KeyFile key_;
  const std::chrono::steady_clock::time_point deadline_;
  std::atomic<Stage> stage_ = Stage::look_up;

  std::vector<std::byte> greeting_, answers_;  ///< These and the next: the connecting thread's.
  bool met_ = false, tls_missing_ = false, timed_out_ = false, password_unsafe_ = false;

  std::mutex mutex_;  ///< Of all below.
  std::condition_variable_any changed_;
  bool done_ = false, left_ = false;
  WakeDescriptor wake_;
  Handle handle_;
  std::optional<Error> failure_;
};

}  // namespace cdc::mysql
