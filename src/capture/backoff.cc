#include "backoff.h"

#include <algorithm>
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

}  // namespace cdc::capture
