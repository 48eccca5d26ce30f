#pragma once

/// Whether anybody still needs this process.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>

namespace cdc::conduit {

struct PresenceLimits {
  std::chrono::milliseconds nobody_calls{60'000};  ///< Without any call: before the first one, and after a Run has ended.
  std::chrono::milliseconds told_to_end{10'000};   ///< After SIGTERM: for the host to end us in order.
  std::chrono::milliseconds look_for_parent{200};  ///< How often the parent is looked for.
};

enum class EndReason : std::uint8_t { shutdown, parent_gone, nobody_called, told_to_end };

/// Thread-safe.
class Presence {
 public:
  /// Made early: the parent is who it is at this moment.
  explicit Presence(PresenceLimits limits = {});

  void call_begins();
  /// `was_run`: it was the Run call.
  void call_ends(bool was_run);
  /// The host asked for the end.
  void shut_down();

  /// Waits for a reason to end.
  EndReason wait_for_end(std::stop_token told_to_end);

 private:
  using Clock = std::chrono::steady_clock;
  bool lonely() const;

  const PresenceLimits limits_;
  const int parent_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::uint64_t active_calls_ = 0;
  bool any_call_ = false, run_over_ = false, shut_down_ = false;
  Clock::time_point last_seen_ = Clock::now();
};

}  // namespace cdc::conduit
