#include "cdc/model/temporal.h"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>

namespace cdc {
namespace {

template <class Write>
std::string text_of(Write write) {
  const auto room = std::make_unique<char[]>(temporal_text_max_bytes);
  return {room.get(), static_cast<std::size_t>(write(room.get()) - room.get())};
}

Value value_of(ValueKind kind, std::uint64_t bits, std::uint8_t fraction_digits) {
  Value value;
  value.kind = kind;
  value.fraction_digits = fraction_digits;
  value.u64 = bits;
  return value;
}

constexpr std::uint64_t bits_of(std::int64_t us) { return static_cast<std::uint64_t>(us); }

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t longest_us = (838 * 3600 + 59 * 60 + 59) * second_us;
constexpr std::int64_t last_us = 253'402'300'799'999'999;  // 9999-12-31 23:59:59.999999

}  // namespace

TEST_CASE("temporal values print as SELECT prints them") {
  using enum ValueKind;
  struct Case {
    std::string name;
    Value value;
    std::string text;
  };
  const Case cases[] = {
      {"date", value_of(date, pack({2024, 2, 29}), 0), "2024-02-29"},
      {"zero date", value_of(date, 0, 0), "0000-00-00"},
      {"date without day", value_of(date, pack({2024, 0, 0}), 0), "2024-00-00"},
      {"first date", value_of(date, pack({1000, 1, 1}), 0), "1000-01-01"},
      {"last date", value_of(date, pack({9999, 12, 31}), 0), "9999-12-31"},
      {"datetime", value_of(datetime, pack({2015, 1, 15, 23, 24, 25}), 0), "2015-01-15 23:24:25"},
      {"datetime, largest", value_of(datetime, pack({9999, 12, 31, 23, 59, 59, 999'999}), 6), "9999-12-31 23:59:59.999999"},
      {"datetime, three digits", value_of(datetime, pack({2024, 1, 2, 3, 4, 5, 7'000}), 3), "2024-01-02 03:04:05.007"},
      {"zero datetime with digits", value_of(datetime, 0, 2), "0000-00-00 00:00:00.00"},
      {"timestamp, zero", value_of(timestamp, 0, 0), "0000-00-00 00:00:00"},
      {"timestamp, zero with digits", value_of(timestamp, 0, 6), "0000-00-00 00:00:00.000000"},
      {"timestamp, first", value_of(timestamp, bits_of(second_us), 0), "1970-01-01 00:00:01"},
      {"timestamp, last of 32 signed bits", value_of(timestamp, bits_of(2'147'483'647'999'000), 3), "2038-01-19 03:14:07.999"},
      {"timestamp, last of 32 bits", value_of(timestamp, bits_of(4'294'967'295 * second_us), 0), "2106-02-07 06:28:15"},
      {"timestamp, one digit", value_of(timestamp, bits_of(1'709'210'096'700'000), 1), "2024-02-29 12:34:56.7"},
      {"time", value_of(time, bits_of(86'399 * second_us), 0), "23:59:59"},
      {"time, zero", value_of(time, 0, 0), "00:00:00"},
      {"time, longest", value_of(time, bits_of(longest_us), 0), "838:59:59"},
      {"time, longest below zero", value_of(time, bits_of(-longest_us), 6), "-838:59:59.000000"},
      {"time, 100 hours", value_of(time, bits_of(100 * 3600 * second_us), 0), "100:00:00"},
      {"time, 99 hours", value_of(time, bits_of(99 * 3600 * second_us), 0), "99:00:00"},
      {"time, least below zero", value_of(time, bits_of(-1), 6), "-00:00:00.000001"},
      {"time, tenths below zero", value_of(time, bits_of(-45'296'700'000), 1), "-12:34:56.7"},
      {"time beyond what servers write", value_of(time, std::uint64_t{1} << 63, 6), "-2562047788:00:54.775808"},
      {"year", value_of(year, 2024, 0), "2024"},
      {"year, zero", value_of(year, 0, 0), "0000"},
      {"year, last", value_of(year, 2155, 0), "2155"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(text_of([&](char* out) { return write_temporal(out, c.value); }) == c.text);
  }
}

TEST_CASE("any bits fit the room promised") {
  using enum ValueKind;
  for (const ValueKind kind : {date, datetime, timestamp, time, year}) {
    for (const std::uint64_t value : {~std::uint64_t{0}, std::uint64_t{1} << 63, ~std::uint64_t{0} >> 1, ~std::uint64_t{0} >> 4}) {
      CAPTURE(value);
      CHECK_FALSE(text_of([&](char* out) { return write_temporal(out, value_of(kind, value, 255)); }).empty());
    }
  }
}

TEST_CASE("fraction digits are cut, not rounded") {
  const Value value = value_of(ValueKind::datetime, pack({2024, 12, 31, 23, 59, 59, 987'654}), 0);
  const char* const texts[] = {"", ".9", ".98", ".987", ".9876", ".98765", ".987654"};
  for (std::uint8_t digits = 0; digits <= 6; ++digits) {
    CAPTURE(static_cast<unsigned>(digits));
    CHECK(text_of([&](char* out) { return write_temporal(out, value_of(value.kind, value.u64, digits)); }) ==
          std::string{"2024-12-31 23:59:59"} + texts[digits]);
  }
}

TEST_CASE("every day from 1970 to 9999") {
  using std::chrono::sys_days, std::chrono::year_month_day;
  std::size_t wrong_count = 0;
  for (std::int64_t day = 0; day <= last_us / (86'400 * second_us); ++day) {
    const year_month_day expected{sys_days{std::chrono::days{day}}};
    const Calendar c = calendar_from_unix_us(day * 86'400 * second_us);
    const bool right = static_cast<int>(c.year) == static_cast<int>(expected.year()) &&
                       c.month == static_cast<unsigned>(expected.month()) && c.day == static_cast<unsigned>(expected.day()) &&
                       c.hour + c.minute + c.second + c.microsecond == 0;
    wrong_count += right ? 0 : 1;
  }
  CHECK(wrong_count == 0);
}

TEST_CASE("time of day") {
  CHECK(calendar_from_unix_us(0) == Calendar{1970, 1, 1});
  CHECK(calendar_from_unix_us(last_us) == Calendar{9999, 12, 31, 23, 59, 59, 999'999});
  CHECK(calendar_from_unix_us(951'782'399'999'999) == Calendar{2000, 2, 28, 23, 59, 59, 999'999});
  CHECK(calendar_from_unix_us(1'709'210'096'123'456) == Calendar{2024, 2, 29, 12, 34, 56, 123'456});
}

TEST_CASE("packed calendars order as calendars do and unpack again") {
  const Calendar ordered[] = {{},
                              {0, 0, 0, 0, 0, 0, 1},
                              {1999, 12, 31, 23, 59, 59, 999'999},
                              {2000, 0, 0},
                              {2000, 1, 1},
                              {2000, 1, 1, 0, 0, 1},
                              {2000, 1, 1, 0, 1, 0},
                              {2000, 1, 1, 1, 0, 0},
                              {2000, 1, 2},
                              {9999, 12, 31, 23, 59, 59, 999'999}};
  for (std::size_t i = 0; i < std::size(ordered); ++i) {
    CAPTURE(i);
    CHECK(unpack(pack(ordered[i])) == ordered[i]);
    if (i != 0) CHECK(pack(ordered[i - 1]) < pack(ordered[i]));
  }
}

TEST_CASE("RFC 3339") {
  const std::int64_t us = 1'709'210'096'123'456;
  CHECK(text_of([&](char* out) { return write_rfc3339(out, us, 0); }) == "2024-02-29T12:34:56Z");
  CHECK(text_of([&](char* out) { return write_rfc3339(out, us, 3); }) == "2024-02-29T12:34:56.123Z");
  CHECK(text_of([&](char* out) { return write_rfc3339(out, us, 6); }) == "2024-02-29T12:34:56.123456Z");
  CHECK(text_of([&](char* out) { return write_rfc3339(out, 0, 6); }) == "1970-01-01T00:00:00.000000Z");
}

TEST_CASE("days that the calendar has") {
  struct Case {
    std::string name;
    Calendar calendar;
    bool real;
  };
  const Case cases[] = {
      {"a leap day", {2024, 2, 29}, true},   {"no leap year", {2023, 2, 29}, false}, {"a century", {1900, 2, 29}, false},
      {"the zero date", {}, false},          {"no month", {2024, 0, 1}, false},      {"no day", {2024, 1, 0}, false},
      {"30 February", {2024, 2, 30}, false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(is_real_date(c.calendar) == c.real);
  }
}

TEST_CASE("an instant and its calendar are each other's") {
  CHECK(unix_us_of({1970, 1, 1}) == 0);
  CHECK(unix_us_of({1969, 12, 31, 23, 59, 59, 999'999}) == -1);
  for (std::int64_t us = 1; us <= last_us; us += last_us / 1000) CHECK(unix_us_of(calendar_from_unix_us(us)) == us);
}

}  // namespace cdc
