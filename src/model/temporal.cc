#include "cdc/model/temporal.h"

#include <cassert>

#include "cdc/base/numbers.h"

namespace cdc {
namespace {

constexpr std::uint64_t us_per_second = 1'000'000;
constexpr std::uint64_t seconds_per_day = 86'400;
constexpr std::uint32_t fraction_divisors[7] = {1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};

char* write_two(char* out, std::uint32_t value) noexcept { return write_padded(out, value, 2); }

char* write_fraction(char* out, std::uint32_t microsecond, unsigned digits) noexcept {
  if (digits == 0) return out;
  if (digits > 6) digits = 6;
  *out++ = '.';
  return write_padded(out, microsecond / fraction_divisors[digits], digits);
}

char* write_date(char* out, const Calendar& c) noexcept {
  out = c.year < 10'000 ? write_padded(out, c.year, 4) : write_uint(out, c.year);
  *out++ = '-';
  out = write_two(out, c.month);
  *out++ = '-';
  return write_two(out, c.day);
}

char* write_clock(char* out, const Calendar& c, unsigned fraction_digits) noexcept {
  out = write_two(out, c.hour);
  *out++ = ':';
  out = write_two(out, c.minute);
  *out++ = ':';
  return write_fraction(write_two(out, c.second), c.microsecond, fraction_digits);
}

char* write_datetime(char* out, const Calendar& c, char separator, unsigned fraction_digits) noexcept {
  out = write_date(out, c);
  *out++ = separator;
  return write_clock(out, c, fraction_digits);
}

char* write_time(char* out, std::int64_t signed_us, unsigned fraction_digits) noexcept {
  if (signed_us < 0) *out++ = '-';
  const auto us = signed_us < 0 ? 0 - static_cast<std::uint64_t>(signed_us) : static_cast<std::uint64_t>(signed_us);
  const std::uint64_t seconds = us / us_per_second, hours = seconds / 3600;
  if (hours >= 100) {
    out = write_uint(out, hours);
  } else {
    out = write_two(out, static_cast<std::uint32_t>(hours));
  }
  *out++ = ':';
  out = write_two(out, static_cast<std::uint32_t>(seconds / 60 % 60));
  *out++ = ':';
  out = write_two(out, static_cast<std::uint32_t>(seconds % 60));
  return write_fraction(out, static_cast<std::uint32_t>(us % us_per_second), fraction_digits);
}

}  // namespace

Calendar calendar_from_unix_us(std::int64_t unix_us) noexcept {
  const auto us = static_cast<std::uint64_t>(unix_us);
  const std::uint64_t seconds = us / us_per_second;
  const auto second_of_day = static_cast<std::uint32_t>(seconds % seconds_per_day);
  // Years begin in March here, so that the leap day is a year's last; eras are 400 years of 146,097 days.
  const std::uint64_t day = seconds / seconds_per_day + 719'468;
  const std::uint64_t era = day / 146'097;
  const auto day_of_era = static_cast<std::uint32_t>(day % 146'097);
  const std::uint32_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint32_t march_month = (5 * day_of_year + 2) / 153;
  Calendar out;
  out.day = day_of_year - (153 * march_month + 2) / 5 + 1;
  out.month = march_month < 10 ? march_month + 3 : march_month - 9;
  out.year = static_cast<std::uint32_t>(era) * 400 + year_of_era + (out.month <= 2 ? 1 : 0);
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
