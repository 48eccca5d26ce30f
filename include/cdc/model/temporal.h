#pragma once

/// Dates and times: the packed calendar form inside Value, and their text as SELECT prints it in
/// a session with time_zone '+00:00'.

#include <cstddef>
#include <cstdint>

#include "cdc/model/value.h"

namespace cdc {

/// A calendar date and time as MySQL allows it: month and day may be 0, the year 0..9999.
struct Calendar {
  std::uint32_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, microsecond = 0;
  bool operator==(const Calendar&) const = default;
};

/// Packed form, high to low: year 14 bits, month 4, day 5, hour 5, minute 6, second 6, microsecond 20.
/// Orders as the calendar does.
constexpr std::uint64_t pack(const Calendar& c) noexcept {
  return std::uint64_t{c.year} << 46 | std::uint64_t{c.month} << 42 | std::uint64_t{c.day} << 37 | std::uint64_t{c.hour} << 32 |
         std::uint64_t{c.minute} << 26 | std::uint64_t{c.second} << 20 | c.microsecond;
}
constexpr Calendar unpack(std::uint64_t packed) noexcept {
  const auto field = [&](unsigned shift, unsigned bits) { return static_cast<std::uint32_t>(packed >> shift & ((1U << bits) - 1)); };
  return {field(46, 14), field(42, 4), field(37, 5), field(32, 5), field(26, 6), field(20, 6), field(0, 20)};
}

/// UTC calendar of a Unix time. `unix_us` 0..253402300799999999.
Calendar calendar_from_unix_us(std::int64_t unix_us) noexcept;

/// Microseconds since 1970 of a day that the calendar has, read as UTC.
std::int64_t unix_us_of(const Calendar& c) noexcept;
/// Whether the calendar has this day: no part zero, no 30 February.
bool is_real_date(const Calendar& c) noexcept;

inline constexpr std::size_t temporal_text_max_bytes = 32;
/// Writes the text of a date, datetime, timestamp, time or year; returns the end. Needs
/// temporal_text_max_bytes at `out`. `fraction_digits` digits after the point, none for 0.
char* write_temporal(char* out, const Value& value) noexcept;
/// `2024-02-29T12:00:00.123Z`-like (RFC 3339, UTC) with as many digits as asked, 0..6.
char* write_rfc3339(char* out, std::int64_t unix_us, unsigned fraction_digits) noexcept;

}  // namespace cdc
