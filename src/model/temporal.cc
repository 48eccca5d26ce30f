#include "cdc/model/temporal.h"

#include <cassert>
#include <chrono>

#include "cdc/base/numbers.h"

namespace cdc {
namespace {

namespace chrono = std::chrono;

constexpr std::uint64_t us_per_second = 1'000'000;
constexpr std::uint64_t seconds_per_day = 86'400;
constexpr std::uint32_t fraction_divisors[7] = {1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};

char* write_fraction(char* out, std::uint32_t microsecond, unsigned digits) noexcept {
  if (digits == 0) return out;
  if (digits > 6) digits = 6;
  *out++ = '.';
  return write_padded(out, microsecond / fraction_divisors[digits], digits);
}

char* write_date(char* out, const Calendar& c) noexcept {
  if (c.year < 10'000) {
    out = write_pair(write_pair(out, c.year / 100), c.year % 100);
  } else {
    out = write_uint(out, c.year);
  }
  *out++ = '-';
  out = write_pair(out, c.month);
  *out++ = '-';
  return write_pair(out, c.day);
}

/// Hours are not checked against anything but two digits.
char* write_clock(char* out, std::uint32_t hour, std::uint32_t minute, std::uint32_t second) noexcept {
  out = write_pair(out, hour);
  *out++ = ':';
  out = write_pair(out, minute);
  *out++ = ':';
  return write_pair(out, second);
}

char* write_datetime(char* out, const Calendar& c, char separator, unsigned fraction_digits) noexcept {
  out = write_date(out, c);
  *out++ = separator;
  return write_fraction(write_clock(out, c.hour, c.minute, c.second), c.microsecond, fraction_digits);
}

char* write_time(char* out, std::int64_t signed_us, unsigned fraction_digits) noexcept {
  if (signed_us < 0) *out++ = '-';
  const auto us = signed_us < 0 ? 0 - static_cast<std::uint64_t>(signed_us) : static_cast<std::uint64_t>(signed_us);
  const std::uint64_t total_seconds = us / us_per_second;
  const std::uint64_t hours = total_seconds / 3600;
  const auto rest = static_cast<std::uint32_t>(total_seconds % 3600);
  if (hours >= 100) out = write_uint(out, hours / 100);
  out = write_clock(out, static_cast<std::uint32_t>(hours % 100), rest / 60, rest % 60);
  return write_fraction(out, static_cast<std::uint32_t>(us % us_per_second), fraction_digits);
}

chrono::year_month_day day_of(const Calendar& c) noexcept {
  return {chrono::year{static_cast<int>(c.year)}, chrono::month{c.month}, chrono::day{c.day}};
}

}  // namespace

bool is_real_date(const Calendar& c) noexcept { return day_of(c).ok(); }

std::int64_t unix_us_of(const Calendar& c) noexcept {
  const auto clock = chrono::hours{c.hour} + chrono::minutes{c.minute} + chrono::seconds{c.second} + chrono::microseconds{c.microsecond};
  return chrono::microseconds{chrono::sys_days{day_of(c)}.time_since_epoch() + clock}.count();
}

Calendar calendar_from_unix_us(std::int64_t unix_us) noexcept {
  const auto us = static_cast<std::uint64_t>(unix_us);
  const std::uint64_t seconds = us / us_per_second;
  const auto second_of_day = static_cast<std::uint32_t>(seconds % seconds_per_day);
  // Euclidean affine functions (Neri, Schneider 2023). Years begin in March, so that the leap day is a
  // year's last; 719,468 days lie between 0000-03-01 and 1970-01-01, 146,097 in 400 years.
  const auto quarter_days = 4 * (static_cast<std::uint32_t>(seconds / seconds_per_day) + 719'468) + 3;
  const std::uint32_t century = quarter_days / 146'097;
  const std::uint64_t scaled = 2'939'745ULL * (quarter_days % 146'097 | 3);  // 2^32 / 1461 days in four years
  const std::uint32_t day_of_year = static_cast<std::uint32_t>(scaled) / 2'939'745 / 4;
  const std::uint32_t month_and_day = 2'141 * day_of_year + 197'913;  // 2^16 / 30.6 days a month, March = 3
  const std::uint32_t next_year = day_of_year >= 306 ? 1 : 0;
  Calendar out;
  out.year = 100 * century + static_cast<std::uint32_t>(scaled >> 32) + next_year;
  out.month = (month_and_day >> 16) - 12 * next_year;
  out.day = (month_and_day & 0xffff) / 2'141 + 1;
  out.hour = second_of_day / 3600;
  out.minute = second_of_day / 60 % 60;
  out.second = second_of_day % 60;
  out.microsecond = static_cast<std::uint32_t>(us % us_per_second);
  return out;
}

char* write_temporal(char* out, const Value& value) noexcept {
  switch (value.kind) {
    case ValueKind::date: return write_date(out, unpack(value.u64));
    case ValueKind::datetime: return write_datetime(out, unpack(value.u64), ' ', value.fraction_digits);
    case ValueKind::timestamp:
      return write_datetime(out, value.i64 == 0 ? Calendar{} : calendar_from_unix_us(value.i64), ' ', value.fraction_digits);
    case ValueKind::time: return write_time(out, value.i64, value.fraction_digits);
    case ValueKind::year:
      return value.u64 < 10'000 ? write_padded(out, static_cast<std::uint32_t>(value.u64), 4) : write_uint(out, value.u64);
    default: break;
  }
  assert(false && "not a temporal value");
  return out;
}

char* write_rfc3339(char* out, std::int64_t unix_us, unsigned fraction_digits) noexcept {
  out = write_datetime(out, calendar_from_unix_us(unix_us), 'T', fraction_digits);
  *out++ = 'Z';
  return out;
}

}  // namespace cdc
