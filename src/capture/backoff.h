#pragma once

/// Waiting between attempts: doubling, capped, jittered, ended by a stop.

#include <chrono>
#include <cstdint>
#include <stop_token>

namespace cdc::capture {

class Backoff {
 public:
  static constexpr std::chrono::milliseconds first_delay{100}, longest_delay{30'000};
  static constexpr std::uint32_t attempts_max = 40;  ///< In a row without progress: about a quarter of an hour.

  void reset() noexcept { attempts_ = 0; }
  /// The delay before the next attempt; counts it. False when attempts_max are used up.
  bool next(std::chrono::milliseconds& delay);
  std::uint32_t attempts() const noexcept { return attempts_; }

 private:
  std::uint32_t attempts_ = 0;
};

/// Sleeps; false when stopped meanwhile.
bool wait_for(std::chrono::milliseconds delay, std::stop_token stop);

}  // namespace cdc::capture
