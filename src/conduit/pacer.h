#pragma once

/// When commits come one by one and fast, each wake-up carries one, and is all it costs. Here two or three of them are let come together.

#include <chrono>
#include <cstddef>

namespace cdc::conduit {

class Pacer {
 public:
  using Clock = std::chrono::steady_clock;
  /// Commits that are further apart are not held up.
  static constexpr std::chrono::microseconds apart_max{1500};
  /// What a record may be late by.
  static constexpr std::chrono::microseconds rest_length{1300};
  /// So many times in a row, before the first rest: a burst or two stay as quick as they can be.
  static constexpr unsigned times_in_a_row = 16;
  /// With more records than this a wake-up is worth its cost.
  static constexpr std::size_t few_records = 64;

  /// Asked each time that the source has run dry at `now`, `records` after the last time: how long not to look for more.
  Clock::duration rest(Clock::time_point now, std::size_t records) noexcept {
    const bool busy = now - last_ < apart_max && records <= few_records;
    in_a_row_ = busy ? in_a_row_ + 1 : 0;
    const Clock::duration out = in_a_row_ > times_in_a_row ? rest_length : Clock::duration{};
    last_ = now + out;
    return out;
  }

 private:
  Clock::time_point last_{};
  unsigned in_a_row_ = 0;
};

}  // namespace cdc::conduit
