#include "temporal_text.h"

#include "cdc/model/temporal.h"

namespace cdc::select {
namespace {

constexpr std::int64_t us_per_second = 1'000'000;
constexpr std::uint32_t fraction_units_us[7] = {0, 100'000, 10'000, 1'000, 100, 10, 1};
constexpr std::uint32_t hour_max = 838;
constexpr std::uint32_t year_first = 1900, year_last = 2155;
constexpr std::int64_t timestamp_end_us = (std::int64_t{1} << 32) * us_per_second;

/// Takes fixed pieces off the front; once one is not there, nothing is right any more.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : at_{text.data()}, end_{text.data() + text.size()} {}

  std::uint32_t digits(unsigned count) noexcept {
    std::uint32_t value = 0;
    if (static_cast<std::size_t>(end_ - at_) < count) return failed_ = true, 0;
    for (; count != 0; --count) {
      const auto digit = static_cast<std::uint32_t>(static_cast<unsigned char>(*at_++)) - '0';
      failed_ |= digit > 9;
      value = value * 10 + (digit > 9 ? 0 : digit);  // so that what follows computes with numbers of few digits
    }
    return value;
  }
  bool skip(char c) noexcept {
    const bool found = at_ != end_ && *at_ == c;
    at_ += found ? 1 : 0;
    return found;
  }
  void require(char c) noexcept { failed_ |= !skip(c); }
  std::uint32_t fraction_us(unsigned digit_count) noexcept {
    if (digit_count == 0) return 0;
    require('.');
    return digits(digit_count) * fraction_units_us[digit_count];
  }
  std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  bool done() const noexcept { return !failed_ && at_ == end_; }

 private:
  const char* at_;
  const char* end_;
  bool failed_ = false;
};

void read_day(Scanner& scanner, Calendar& c) noexcept {
  c.year = scanner.digits(4);
  scanner.require('-');
  c.month = scanner.digits(2);
  scanner.require('-');
  c.day = scanner.digits(2);
}

bool in_range(const Calendar& c) noexcept { return c.month <= 12 && c.day <= 31 && c.hour <= 23 && c.minute <= 59 && c.second <= 59; }

bool read_calendar(std::string_view text, std::uint8_t fraction_digits, Calendar& c) noexcept {
  Scanner scanner{text};
  read_day(scanner, c);
  scanner.require(' ');
  c.hour = scanner.digits(2);
  scanner.require(':');
  c.minute = scanner.digits(2);
  scanner.require(':');
  c.second = scanner.digits(2);
  c.microsecond = scanner.fraction_us(fraction_digits);
  return scanner.done() && in_range(c);
}

}  // namespace

bool read_date(std::string_view text, Value& out) noexcept {
  Scanner scanner{text};
  Calendar c;
  read_day(scanner, c);
  out.kind = ValueKind::date;
  out.fraction_digits = 0;
  out.u64 = pack(c);
  return scanner.done() && in_range(c);
}

bool read_datetime(std::string_view text, std::uint8_t fraction_digits, Value& out) noexcept {
  Calendar c;
  const bool valid = read_calendar(text, fraction_digits, c);
  out.kind = ValueKind::datetime;
  out.fraction_digits = fraction_digits;
  out.u64 = pack(c);
  return valid;
}

bool read_timestamp(std::string_view text, std::uint8_t fraction_digits, Value& out) noexcept {
  Calendar c;
  if (!read_calendar(text, fraction_digits, c)) return false;
  out.kind = ValueKind::timestamp;
  out.fraction_digits = fraction_digits;
  out.i64 = 0;
  if (c == Calendar{}) return true;
  if (!is_real_date(c)) return false;
  out.i64 = unix_us_of(c);
  return out.i64 > 0 && out.i64 < timestamp_end_us;
}

bool read_time(std::string_view text, std::uint8_t fraction_digits, Value& out) noexcept {
  Scanner scanner{text};
  const bool negative = scanner.skip('-');
  const std::size_t behind_hours = 6 + (fraction_digits == 0 ? 0U : 1U + fraction_digits);
  const bool long_hour = scanner.left() > behind_hours + 2;
  const std::uint32_t hour = scanner.digits(long_hour ? 3 : 2);
  scanner.require(':');
  const std::uint32_t minute = scanner.digits(2);
  scanner.require(':');
  const std::uint32_t second = scanner.digits(2);
  const std::int64_t us = (std::int64_t{hour} * 3600 + minute * 60 + second) * us_per_second + scanner.fraction_us(fraction_digits);
  out.kind = ValueKind::time;
  out.fraction_digits = fraction_digits;
  out.i64 = negative ? -us : us;
  return scanner.done() && hour <= hour_max && long_hour == (hour >= 100) && minute <= 59 && second <= 59;
}

bool read_year(std::string_view text, Value& out) noexcept {
  Scanner scanner{text};
  const std::uint32_t year = scanner.digits(4);
  out.kind = ValueKind::year;
  out.u64 = year == year_first ? 0 : year;
  return scanner.done() && (year == 0 || (year >= year_first && year <= year_last));
}

}  // namespace cdc::select
