#include "temporal_text.h"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cdc/model/temporal.h"
#include "exact_bytes.h"

namespace cdc::select {
namespace {

bool read(ValueKind kind, std::string_view text, std::uint8_t fraction_digits, Value& out) {
  switch (kind) {
    case ValueKind::date: return read_date(text, out);
    case ValueKind::datetime: return read_datetime(text, fraction_digits, out);
    case ValueKind::timestamp: return read_timestamp(text, fraction_digits, out);
    case ValueKind::time: return read_time(text, fraction_digits, out);
    default: return read_year(text, out);
  }
}

/// Of a text in a block of exactly its size.
std::optional<Value> value_of(ValueKind kind, const std::string& text, std::uint8_t fraction_digits) {
  const ExactBytes exact{text};
  Value out;
  const std::string_view in{reinterpret_cast<const char*>(exact.span().data()), exact.size()};
  if (!read(kind, in, fraction_digits, out)) return std::nullopt;
  CHECK(out.kind == kind);
  return out;
}

std::string printed(const Value& value) {
  char room[temporal_text_max_bytes];
  return {room, static_cast<std::size_t>(write_temporal(room, value) - room)};
}

struct TextCase {
  std::string name;
  ValueKind kind;
  std::uint8_t fraction_digits;
  std::string text;
};

TEST_CASE("what the server prints is read, and printed alike") {
  const std::vector<TextCase> cases{
      {"date", ValueKind::date, 0, "2024-02-29"},
      {"zero date", ValueKind::date, 0, "0000-00-00"},
      {"no day", ValueKind::date, 0, "2024-01-00"},
      {"no month, a day", ValueKind::date, 0, "0000-00-31"},
      {"last date", ValueKind::date, 0, "9999-12-31"},
      {"datetime", ValueKind::datetime, 0, "2024-02-29 23:59:59"},
      {"zero datetime with digits", ValueKind::datetime, 6, "0000-00-00 00:00:00.000000"},
      {"one digit", ValueKind::datetime, 1, "1000-01-01 00:00:00.9"},
      {"three digits", ValueKind::datetime, 3, "2024-00-00 01:02:03.007"},
      {"last datetime", ValueKind::datetime, 6, "9999-12-31 23:59:59.999999"},
      {"zero timestamp", ValueKind::timestamp, 0, "0000-00-00 00:00:00"},
      {"zero timestamp with digits", ValueKind::timestamp, 2, "0000-00-00 00:00:00.00"},
      {"first timestamp", ValueKind::timestamp, 0, "1970-01-01 00:00:01"},
      {"last of 31 bits", ValueKind::timestamp, 6, "2038-01-19 03:14:07.999999"},
      {"last of 32 bits", ValueKind::timestamp, 6, "2106-02-07 06:28:15.999999"},
      {"time", ValueKind::time, 0, "00:00:00"},
      {"longest", ValueKind::time, 6, "838:59:59.999999"},
      {"longest below zero", ValueKind::time, 0, "-838:59:59"},
      {"just below zero", ValueKind::time, 6, "-00:00:00.000001"},
      {"a hundred hours", ValueKind::time, 2, "100:00:00.50"},
      {"no year", ValueKind::year, 0, "0000"},
      {"first year", ValueKind::year, 0, "1901"},
      {"last year", ValueKind::year, 0, "2155"},
  };
  for (const TextCase& c : cases) {
    CAPTURE(c.name);
    const auto value = value_of(c.kind, c.text, c.fraction_digits);
    REQUIRE(value);
    CHECK(printed(*value) == c.text);
    for (std::size_t size = 0; size < c.text.size(); ++size) CHECK_FALSE(value_of(c.kind, c.text.substr(0, size), c.fraction_digits));
    CHECK_FALSE(value_of(c.kind, c.text + '0', c.fraction_digits));
    CHECK_FALSE(value_of(c.kind, ' ' + c.text, c.fraction_digits));
  }
}

TEST_CASE("texts that are no such value") {
  const std::vector<TextCase> cases{
      {"nothing", ValueKind::date, 0, ""},
      {"month 13", ValueKind::date, 0, "2024-13-01"},
      {"day 32", ValueKind::date, 0, "2024-12-32"},
      {"other marks", ValueKind::date, 0, "2024/12/31"},
      {"a letter", ValueKind::date, 0, "2024-1x-01"},
      {"T between", ValueKind::datetime, 0, "2024-02-29T23:59:59"},
      {"hour 24", ValueKind::datetime, 0, "2024-02-29 24:00:00"},
      {"minute 60", ValueKind::datetime, 0, "2024-02-29 23:60:00"},
      {"second 60", ValueKind::datetime, 0, "2024-02-29 23:59:60"},
      {"digits that the column does not have", ValueKind::datetime, 0, "2024-02-29 23:59:59.1"},
      {"digits missing", ValueKind::datetime, 3, "2024-02-29 23:59:59"},
      {"timestamp of no real day", ValueKind::timestamp, 0, "2024-02-30 00:00:00"},
      {"timestamp without day", ValueKind::timestamp, 0, "2024-02-00 00:00:00"},
      {"timestamp of 1970 itself", ValueKind::timestamp, 0, "1970-01-01 00:00:00"},
      {"timestamp before 1970", ValueKind::timestamp, 0, "1969-12-31 23:59:59"},
      {"timestamp behind 32 bits", ValueKind::timestamp, 0, "2106-02-07 06:28:16"},
      {"zero timestamp with a fraction", ValueKind::timestamp, 1, "0000-00-00 00:00:00.1"},
      {"hour 839", ValueKind::time, 0, "839:00:00"},
      {"four digits of hours", ValueKind::time, 0, "1000:00:00"},
      {"one digit of hours", ValueKind::time, 0, "1:00:00"},
      {"minute 60 of a time", ValueKind::time, 0, "00:60:00"},
      {"no digits, for which arithmetic would be too large", ValueKind::time, 0, "\x01\x02\x03:\x04\x05:\x06\x07"},
      {"three digits of less than a hundred hours", ValueKind::time, 0, "060:59:59"},
      {"two signs", ValueKind::time, 0, "--00:00:01"},
      {"plus", ValueKind::time, 0, "+00:00:01"},
      {"year 1899", ValueKind::year, 0, "1899"},
      {"year 2156", ValueKind::year, 0, "2156"},
      {"two digits of a year", ValueKind::year, 0, "70"},
  };
  for (const TextCase& c : cases) {
    CAPTURE(c.name);
    CHECK_FALSE(value_of(c.kind, c.text, c.fraction_digits));
  }
}

TEST_CASE("a two-digit zero year is the zero year") { CHECK(value_of(ValueKind::year, "1900", 0)->u64 == 0); }

}  // namespace
}  // namespace cdc::select
