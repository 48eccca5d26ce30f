#include "avro_field.h"

#include <doctest/doctest.h>

#include <limits>

#include "cdc/base/error.h"
#include "cdc/base/numbers.h"
#include "change_scene.h"
#include "hex.h"

namespace cdc::opencdc {
namespace {

using namespace cdc::test;

/// Hex of a value under a column's type; `none` when it does not fit.
std::string written(const Column& column, const Value& value, const AvroType& type) {
  const AvroField field{column, 0, type, config::ZeroDates::null};
  std::string room(field.fixed_bytes() + field.growth() * (holds_data(value.kind) ? value.size_bytes : 0), '\0');
  const char* const end = field.write(room.data(), value);
  CHECK((end != nullptr) == field.fits(value));
  if (end == nullptr) return "none";
  REQUIRE(end <= room.data() + room.size());
  std::string out(2 * static_cast<std::size_t>(end - room.data()), '\0');
  write_hex(out.data(), room.data(), out.size() / 2);
  return out;
}
std::string written(const Column& column, const Value& value) { return written(column, value, avro_type(column, {})); }

Column required(ColumnType type, std::vector<std::string> labels = {}, unsigned precision = 0) {
  Column out = column("c", type, std::move(labels), precision);
  out.nullable = false;
  return out;
}
Column unsigned_(ColumnType type) {
  Column out = required(type);
  out.is_unsigned = true;
  return out;
}
Value timed(ValueKind kind, std::uint64_t bits, unsigned fraction_digits) {
  Value out = number(kind, bits);
  out.fraction_digits = static_cast<std::uint8_t>(fraction_digits);
  return out;
}

struct Case {
  std::string name;
  Column column;
  Value value;
  std::string expected;
};

void check(std::span<const Case> cases) {
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(written(c.column, c.value) == c.expected);
  }
}

TEST_CASE("numbers") {
  constexpr std::uint64_t past_long = std::uint64_t{1} << 63;
  const ExactBytes decimal = from_hex("800004d240"), broken = from_hex("80");
  std::string nines = "e3", digits = "8201";
  for (unsigned i = 0; i < 7; ++i) nines += "3b9ac9ff";
  for (unsigned i = 0; i < 65; ++i) digits += "39";
  const ExactBytes long_decimal = from_hex(nines);
  const Case cases[] = {
      {"zero", required(ColumnType::integer), integer(0), "00"},
      {"-1", required(ColumnType::tinyint), integer(-1), "01"},
      {"64 takes two bytes", required(ColumnType::integer), integer(64), "8001"},
      {"the least INT", required(ColumnType::integer), integer(-2147483648), "ffffffff0f"},
      {"beyond an int", required(ColumnType::integer), integer(2147483648), "none"},
      {"UNSIGNED in an int", unsigned_(ColumnType::mediumint), number(ValueKind::uint64, 16777215), "feffff0f"},
      {"the greatest INT UNSIGNED", unsigned_(ColumnType::integer), number(ValueKind::uint64, 4294967295), "feffffff1f"},
      {"the least BIGINT", required(ColumnType::bigint), integer(std::numeric_limits<std::int64_t>::min()), "ffffffffffffffffff01"},
      {"BIGINT UNSIGNED in a long", unsigned_(ColumnType::bigint), number(ValueKind::uint64, 7), "020e"},
      {"BIGINT UNSIGNED beyond it: its digits", unsigned_(ColumnType::bigint), number(ValueKind::uint64, past_long),
       "042639323233333732303336383534373735383038"},
      {"BIGINT UNSIGNED, NULL", unsigned_(ColumnType::bigint), null(), "00"},
      {"sign unknown: not under this type", required(ColumnType::integer), number(ValueKind::sign_unknown, ~std::uint64_t{0}, 4), "none"},
      {"YEAR", required(ColumnType::year), number(ValueKind::year, 2024), "d01f"},
      {"FLOAT", required(ColumnType::float_), real(ValueKind::float32, 1.5), "0000c03f"},
      {"DOUBLE, -0", required(ColumnType::double_), real(ValueKind::float64, -0.0), "0000000000000080"},
      {"DECIMAL", required(ColumnType::decimal), data(ValueKind::decimal, decimal, 10, 2), "0e313233342e3634"},
      {"DECIMAL of 65 digits: a length of two bytes", required(ColumnType::decimal), data(ValueKind::decimal, long_decimal, 65, 0), digits},
      {"a text in a number's column", required(ColumnType::integer), text("x"), "none"},
  };
  check(cases);
  CHECK_THROWS_AS(written(required(ColumnType::decimal), data(ValueKind::decimal, broken, 10, 2)), Error);
}

TEST_CASE("texts and bytes") {
  const std::string long_text(64, 'x');
  const ExactBytes invalid = from_hex("ff");
  const Case cases[] = {
      {"text", required(ColumnType::varchar), text("ab"), "046162"},
      {"empty text is not null", column("c"), text(""), "0200"},
      {"NULL", column("c"), null(), "00"},
      {"NULL where none may be", required(ColumnType::varchar), null(), "none"},
      {"absent", column("c"), absent(), "none"},
      {"a nullable text", column("c"), text("ab"), "02046162"},
      {"bytes of a text column: invalid in its charset", required(ColumnType::varchar), data(ValueKind::bytes, invalid), "none"},
      {"bytes", required(ColumnType::blob), data(ValueKind::bytes, invalid), "02ff"},
  };
  check(cases);
  CHECK(written(required(ColumnType::text), text(long_text)).substr(0, 8) == "80017878");
}

TEST_CASE("dates and times are the server's text") {
  const Calendar day{.year = 2024, .month = 2, .day = 29, .hour = 1, .microsecond = 500000};
  const Case cases[] = {
      {"DATE", required(ColumnType::date), timed(ValueKind::date, pack({.year = 2024, .month = 2, .day = 29}), 0),
       "14323032342d30322d3239"},
      {"zero DATE", required(ColumnType::date), timed(ValueKind::date, 0, 0), "14303030302d30302d3030"},
      {"DATETIME(1)", required(ColumnType::datetime), timed(ValueKind::datetime, pack(day), 1),
       "2a323032342d30322d32392030313a30303a30302e35"},
      {"TIMESTAMP", required(ColumnType::timestamp), timed(ValueKind::timestamp, 1'000'000, 0), "26313937302d30312d30312030303a30303a3031"},
      {"TIME", required(ColumnType::time), timed(ValueKind::time, static_cast<std::uint64_t>(std::int64_t{-1'000'000}), 0),
       "122d30303a30303a3031"},
      {"a number", required(ColumnType::date), integer(7), "none"},
  };
  check(cases);
}

TEST_CASE("labels") {
  const Column colour = required(ColumnType::enum_, {"red", "blue"}), flags = required(ColumnType::set, {"a", "bc", "d"});
  const Case cases[] = {
      {"ENUM", colour, number(ValueKind::enum_index, 2), "08626c7565"},
      {"the error value", colour, number(ValueKind::enum_index, 0), "00"},
      {"an ordinal without label", colour, number(ValueKind::enum_index, 3), "none"},
      {"labels not known", required(ColumnType::enum_), number(ValueKind::enum_index, 3), "0206"},
      {"labels not known, error value", required(ColumnType::enum_), number(ValueKind::enum_index, 0), "0600"},
      {"SET", flags, number(ValueKind::set_bits, 5), "06612c64"},
      {"empty SET", flags, number(ValueKind::set_bits, 0), "00"},
      {"all of a SET", flags, number(ValueKind::set_bits, 7), "0c612c62632c64"},
      {"a bit without label", flags, number(ValueKind::set_bits, 8), "none"},
      {"SET, labels not known", required(ColumnType::set), number(ValueKind::set_bits, 8), "0210"},
  };
  check(cases);
}

TEST_CASE("values written by way of a plain one") {
  const ExactBytes uuid = from_hex("6ccd780cbaba102695645b8c656024db"), inet = from_hex("c0000201"),
                   point = from_hex("e610000001010000000000000000000000000000000000f03f"), floats = from_hex("0000803f000000c0");
  const Case cases[] = {
      {"BIT(9)", required(ColumnType::bit, {}, 9), number(ValueKind::bits, 257), "040101"},
      {"UUID", required(ColumnType::uuid), data(ValueKind::uuid, uuid),
       "4836636364373830632d626162612d313032362d393536342d356238633635363032346462"},
      {"INET4", required(ColumnType::inet4), data(ValueKind::inet, inet), "123139322e302e322e31"},
      {"GEOMETRY with an SRID", required(ColumnType::geometry), data(ValueKind::geometry, point),
       "320101000020e61000000000000000000000000000000000f03f"},
      {"VECTOR: one block of two", required(ColumnType::vector), data(ValueKind::vector, floats), "040000803f000000c000"},
      {"an empty VECTOR", required(ColumnType::vector), data(ValueKind::vector, ExactBytes{}), "00"},
      {"masked",
       [] {
         Column c = required(ColumnType::integer);
         c.masked = true;
         return c;
       }(),
       text("ab"), "02046162"},
  };
  check(cases);
}

TEST_CASE("the type that takes every value") {
  const ExactBytes decimal = from_hex("800004d240"), invalid = from_hex("ff");
  const Case cases[] = {
      {"NULL", column("c"), null(), "00"},
      {"a number", required(ColumnType::integer), integer(1), "0202"},
      {"both readings of a sign unknown", required(ColumnType::integer), number(ValueKind::sign_unknown, ~std::uint64_t{0}, 1),
       "06102d31202832353529"},
      {"a float is a double", required(ColumnType::float_), real(ValueKind::float32, 1.5), "04000000000000f83f"},
      {"bytes of a text column", required(ColumnType::varchar), data(ValueKind::bytes, invalid), "0802ff"},
      {"a decimal", required(ColumnType::decimal), data(ValueKind::decimal, decimal, 10, 2), "060e313233342e3634"},
      {"an ordinal without label", required(ColumnType::enum_, {"red"}), number(ValueKind::enum_index, 3), "0206"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(written(c.column, c.value, any_type()) == c.expected);
  }
}

}  // namespace
}  // namespace cdc::opencdc
