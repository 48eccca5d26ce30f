#include "backoff.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "cdc/base/log.h"
#include "cdc/base/wait.h"

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

bool wait_after(const Error& error, std::string_view where, Backoff& backoff, std::stop_token stop) {
  std::chrono::milliseconds delay{};
  if (error.remedy() != Remedy::retry || !backoff.next(delay)) return false;
  const std::string limit = backoff.endless() ? "" : fmt::format(" of {}", Backoff::attempts_max);
  log(LogLevel::warning, fmt::format("{}{}; trying again in {:.1f} s (attempt {}{})", error.message(), where,
                                     static_cast<double>(delay.count()) / 1000.0, backoff.attempts(), limit));
  return wait_for(delay, stop);
}

}  // namespace cdc::capture
