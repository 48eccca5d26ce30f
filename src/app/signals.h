#pragma once

/// Signals as a stop request.

#include <cstdint>
#include <stop_token>
#include <thread>

namespace cdc::app {

/// Takes SIGINT, SIGTERM and SIGHUP for the whole process while it lives; SIGPIPE is ignored for good. A plugin ignores
/// SIGINT too: Ctrl-C reaches the host's whole group, and it is the host that ends its plugins in order.
/// Made before any other thread, which then all leave these signals to it.
class Signals {
 public:
  enum class Role : std::uint8_t { command, plugin };
  explicit Signals(Role role);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Requested by the first signal. In a command, from then on calls that block in the thread that made this object end
  /// with EINTR every now and then, such as a write to a pipe that nobody reads; a second signal, or a second without
  /// an end, ends the process. In a plugin only a second signal does.
  std::stop_token token() const noexcept { return interrupted_.get_token(); }

 private:
  std::stop_source interrupted_;
  std::jthread waiter_;
};

}  // namespace cdc::app
