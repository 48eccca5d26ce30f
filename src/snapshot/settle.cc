#include "settle.h"

#include <algorithm>
#include <random>

#include "cdc/base/wait.h"

namespace cdc::snapshot {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t attempts_without_pause = 8;
constexpr std::int64_t pause_max_ms = 32;

/// Up to a limit that grows with the attempts, at random: writers may have a rhythm.
milliseconds pause_after(std::uint32_t attempts) {
  if (attempts < attempts_without_pause) return milliseconds{0};
  std::random_device random;
  std::uniform_int_distribution<std::int64_t> pause_ms{0, std::min<std::int64_t>(attempts / attempts_without_pause, pause_max_ms)};
  return milliseconds{pause_ms(random)};
}

bool agree(const std::vector<Opening>& openings) {
  return std::ranges::all_of(openings, [&](const Opening& one) { return one.exact && one.point == openings.front().point; });
}

[[noreturn]] void throw_stopped() {
  throw Error{ErrorCode::connection_lost, Remedy::retry, "opening the snapshot's views: stopped on request"};
}

}  // namespace

Settled settle(const std::function<std::vector<Opening>()>& open_all, const SettleLimits& limits, const std::stop_token& stop) {
  const auto began = std::chrono::steady_clock::now();
  Settled out;
  for (;;) {
    const std::vector<Opening> openings = open_all();
    ++out.attempts;
    out.took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
    if (agree(openings)) {
      out.point = openings.front().point;
      return out;
    }
    if (out.attempts >= limits.attempts_max || out.took >= limits.time_max) return out;
    if (!wait_for(pause_after(out.attempts), stop)) throw_stopped();
  }
}

}  // namespace cdc::snapshot
