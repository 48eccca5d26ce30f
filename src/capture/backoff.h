#pragma once

/// How long to wait between attempts: doubling, capped, jittered.

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string_view>

#include "cdc/base/error.h"

namespace cdc::capture {

class Backoff {
 public:
  static constexpr std::chrono::milliseconds first_delay{100}, longest_delay{30'000};
  static constexpr std::uint32_t attempts_max = 40;  ///< In a row without progress: about a quarter of an hour.

  /// `endless`: without limit on attempts.
  explicit Backoff(bool endless = false) noexcept : endless_{endless} {}

  void reset() noexcept { attempts_ = 0; }
  /// The delay before the next attempt; counts it. False when attempts_max are used up, unless endless.
  bool next(std::chrono::milliseconds& delay);
  std::uint32_t attempts() const noexcept { return attempts_; }
  bool endless() const noexcept { return endless_; }

 private:
  std::uint32_t attempts_ = 0;
  bool endless_;
};

/// Waits before another attempt and says so in the log. False when there shall be none: not a fault that passes, no attempts left, or a
/// stop. `where`: for the log line.
bool wait_after(const Error& error, std::string_view where, Backoff& backoff, std::stop_token stop);

}  // namespace cdc::capture
