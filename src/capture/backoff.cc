#include "backoff.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>

namespace cdc::capture {

bool Backoff::next(std::chrono::milliseconds& delay) {
  if (!endless_ && attempts_ >= attempts_max) return false;
  constexpr std::uint32_t doublings_max = 9;
  const auto plain = std::min(first_delay * (1U << std::min(attempts_, doublings_max)), longest_delay);
  ++attempts_;
  std::random_device random;  // a quarter either way, so that many readers do not return together
  std::uniform_int_distribution<std::int64_t> jitter{-plain.count() / 4, plain.count() / 4};
  delay = plain + std::chrono::milliseconds{jitter(random)};
  return true;
}

bool wait_for(std::chrono::milliseconds delay, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock{mutex};
  stopped.wait_for(lock, stop, delay, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace cdc::capture
