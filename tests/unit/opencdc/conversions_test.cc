#include <doctest/doctest.h>

#include "cdc/base/error.h"
#include "cdc/base/numbers.h"
#include "cdc/opencdc/plain_value.h"
#include "change_scene.h"
#include "hex.h"

namespace cdc::opencdc {
namespace {

using namespace cdc::test;

Value timed(ValueKind kind, std::uint64_t bits, unsigned fraction_digits = 0) {
  Value out = number(kind, bits);
  out.fraction_digits = static_cast<std::uint8_t>(fraction_digits);
  return out;
}

/// What a value becomes, as text with a letter for its kind.
std::string plain(const Value& value, Conversion conversion, unsigned precision = 0,
                  config::ZeroDates zero_dates = config::ZeroDates::null) {
  PlainValue out;
  to_plain(value, column("c", ColumnType::varchar, {}, precision), conversion, zero_dates, out);
  std::string bytes(out.size_bytes(), '\0');
  CHECK(out.write(bytes.data()) == bytes.data() + bytes.size());
  if (out.kind != PlainKind::text) {
    std::string digits(2 * bytes.size(), '\0');
    write_hex(digits.data(), bytes.data(), bytes.size());
    bytes = digits;
  }
  switch (out.kind) {
    case PlainKind::null: return "null";
    case PlainKind::integer: return "i " + std::to_string(out.integer);
    case PlainKind::real32:
    case PlainKind::real64: return "r " + std::to_string(out.real);
    case PlainKind::text: return "t " + bytes;
    case PlainKind::bytes: return "b " + bytes;
    case PlainKind::floats: return "f " + bytes;
  }
  return {};
}

TEST_CASE("numbers under conversions") {
  const ExactBytes decimal = from_hex("800004d240"), minus = from_hex("7ffffb2dbf"), zero = from_hex("8000000000"),
                   one = from_hex("80000080");
  struct Case {
    std::string name;
    Value value;
    Conversion conversion;
    std::string expected;
  };
  const Case cases[] = {
      {"BIGINT UNSIGNED as digits", number(ValueKind::uint64, ~std::uint64_t{0}), Conversion::number_text, "t 18446744073709551615"},
      {"small, as digits", number(ValueKind::uint64, 7), Conversion::number_text, "t 7"},
      {"DECIMAL as double", data(ValueKind::decimal, decimal, 10, 2), Conversion::decimal_double, "r 1234.640000"},
      {"negative DECIMAL as double", data(ValueKind::decimal, minus, 10, 2), Conversion::decimal_double, "r -1234.640000"},
      {"unscaled", data(ValueKind::decimal, decimal, 10, 2), Conversion::decimal_unscaled, "b 01e248"},
      {"unscaled, negative", data(ValueKind::decimal, minus, 10, 2), Conversion::decimal_unscaled, "b fe1db8"},
      {"unscaled zero", data(ValueKind::decimal, zero, 10, 2), Conversion::decimal_unscaled, "b 00"},
      {"unscaled 128: a byte for the sign", data(ValueKind::decimal, one, 8, 0), Conversion::decimal_unscaled, "b 0080"},
      {"BIT as number", number(ValueKind::bits, 5), Conversion::bits_number, "i 5"},
      {"BIT beyond a long", number(ValueKind::bits, std::uint64_t{1} << 63), Conversion::bits_number, "t 9223372036854775808"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(plain(c.value, c.conversion) == c.expected);
  }
  CHECK(plain(number(ValueKind::bits, 5), Conversion::bits_text, 4) == "t 0101");
}

TEST_CASE("the greatest decimal keeps every digit") {
  std::string nines = "e3";
  for (unsigned i = 0; i < 7; ++i) nines += "3b9ac9ff";
  const ExactBytes greatest = from_hex(nines);
  const std::string out = plain(data(ValueKind::decimal, greatest, 65, 0), Conversion::decimal_unscaled);
  CHECK(out == "b 00f316271c7fc3908a8bef464e3945ef7a253609ffffffffffffffff");
}

TEST_CASE("dates and times under conversions") {
  const std::uint64_t leap = pack({.year = 2024, .month = 2, .day = 29, .hour = 1, .minute = 2, .second = 3, .microsecond = 450000});
  const std::uint64_t bad_day = pack({.year = 2023, .month = 2, .day = 30});
  struct Case {
    std::string name;
    Value value;
    std::string iso, epoch;
  };
  const Case cases[] = {
      {"DATE", timed(ValueKind::date, pack({.year = 1970, .month = 1, .day = 2})), "t 1970-01-02", "i 1"},
      {"DATE before 1970", timed(ValueKind::date, pack({.year = 1969, .month = 12, .day = 31})), "t 1969-12-31", "i -1"},
      {"DATE of the year 0", timed(ValueKind::date, pack({.year = 0, .month = 1, .day = 1})), "t 0000-01-01", "i -719528"},
      {"zero DATE", timed(ValueKind::date, 0), "null", "null"},
      {"no month", timed(ValueKind::date, pack({.year = 2024})), "null", "null"},
      {"30 February", timed(ValueKind::date, bad_day), "null", "null"},
      {"DATETIME(2)", timed(ValueKind::datetime, leap, 2), "t 2024-02-29T01:02:03.45", "i 1709168523450000"},
      {"zero DATETIME", timed(ValueKind::datetime, 0), "null", "null"},
      {"TIMESTAMP", timed(ValueKind::timestamp, 1'000'000), "t 1970-01-01T00:00:01Z", "i 1000000"},
      {"zero TIMESTAMP", timed(ValueKind::timestamp, 0), "null", "null"},
      {"negative TIME", timed(ValueKind::time, static_cast<std::uint64_t>(std::int64_t{-1'500'000}), 1), "t -00:00:01.5", "i -1500000"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(plain(c.value, Conversion::temporal_iso) == c.iso);
    CHECK(plain(c.value, Conversion::temporal_epoch) == c.epoch);
    if (c.iso != "null") continue;
    CHECK_THROWS_AS(plain(c.value, Conversion::temporal_iso, 0, config::ZeroDates::fail), Error);
    CHECK_THROWS_AS(plain(c.value, Conversion::temporal_epoch, 0, config::ZeroDates::fail), Error);
  }
}

TEST_CASE("bytes under conversions") {
  const ExactBytes bytes = from_hex("00ff10"), point = from_hex("e610000001010000000000000000000000000000000000f03f"),
                   cut = from_hex("0102");
  CHECK(plain(data(ValueKind::bytes, bytes), Conversion::base64) == "t AP8Q");
  CHECK(plain(data(ValueKind::bytes, bytes), Conversion::hex) == "t 00ff10");
  CHECK(plain(data(ValueKind::bytes, bytes), Conversion::none) == "b 00ff10");
  CHECK(plain(data(ValueKind::geometry, point), Conversion::geometry_wkb) == "b 01010000000000000000000000000000000000f03f");
  CHECK(plain(data(ValueKind::geometry, point), Conversion::geometry_hex) == "t 0101000020e61000000000000000000000000000000000f03f");
  CHECK(plain(data(ValueKind::geometry, cut), Conversion::geometry_wkb) == "b 0102");
}

}  // namespace
}  // namespace cdc::opencdc
