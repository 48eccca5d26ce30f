#include "struct_record.h"

#include <doctest/doctest.h>

#include <bit>
#include <map>

#include "avro_record.h"
#include "cdc/base/numbers.h"
#include "change_scene.h"
#include "hex.h"
#include "wire_message.h"

namespace cdc::opencdc {
namespace {

using namespace cdc::test;

std::string shown(std::string_view value);

std::string shown_list(std::string_view list) {
  const auto items = parse_message(list);
  REQUIRE(items);
  std::string out = "[";
  for (const WireField& item : *items) out += shown(item.bytes) + " ";
  return out + "]";
}

/// A google.protobuf.Value.
std::string shown(std::string_view value) {
  const auto fields = parse_message(value);
  REQUIRE(fields);
  REQUIRE(fields->size() == 1);
  const WireField& field = fields->front();
  switch (field.number) {
    case 1: return "null";
    case 2: {
      std::uint64_t bits = 0;
      field.bytes.copy(reinterpret_cast<char*>(&bits), sizeof bits);
      char text[float_text_max_bytes];
      return std::string(text, write_double(text, std::bit_cast<double>(bits)));
    }
    case 3: return '"' + std::string{field.bytes} + '"';
    case 6: return shown_list(field.bytes);
    default: return "?";
  }
}

std::map<std::string, std::string> fields_of(const Scene& scene, std::span<const Value> values, const config::ValueForms& forms = {}) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < values.size(); ++i) columns.push_back(i);
  const StructRecord record{scene.table, columns, forms};
  std::string room(record.size_max(data_bytes(values)), '\0');
  const char* const end = record.write(room.data(), values);
  REQUIRE(end <= room.data() + room.size());
  const auto entries = parse_message(std::string_view{room.data(), static_cast<std::size_t>(end - room.data())});
  REQUIRE(entries);
  std::map<std::string, std::string> out;
  for (const WireField& entry : *entries) {
    const auto pair = parse_message(entry.bytes);
    REQUIRE(pair);
    REQUIRE(pair->size() == 2);
    out[std::string{(*pair)[0].bytes}] = shown((*pair)[1].bytes);
  }
  return out;
}

TEST_CASE("values in a Struct lose no digit") {
  const ExactBytes decimal = from_hex("800004d240"), bytes = from_hex("00ff"), floats = from_hex("cdcccc3d000000c0"),
                   point = from_hex("e610000001010000000000000000000000000000000000f03f");
  struct Case {
    std::string name;
    ColumnType type;
    Value value;
    std::string expected;
  };
  const Case cases[] = {
      {"NULL", ColumnType::varchar, null(), "null"},
      {"2^53", ColumnType::bigint, integer(std::int64_t{1} << 53), "9007199254740992"},
      {"2^53 + 1: digits", ColumnType::bigint, integer((std::int64_t{1} << 53) + 1), "\"9007199254740993\""},
      {"-2^53 - 1: digits", ColumnType::bigint, integer(-(std::int64_t{1} << 53) - 1), "\"-9007199254740993\""},
      {"beyond 2^63", ColumnType::bigint, number(ValueKind::uint64, ~std::uint64_t{0}), "\"18446744073709551615\""},
      {"a FLOAT's shortest text", ColumnType::float_, real(ValueKind::float32, static_cast<double>(0.1F)), "0.1"},
      {"DOUBLE", ColumnType::double_, real(ValueKind::float64, 0.1), "0.1"},
      {"DECIMAL", ColumnType::decimal, data(ValueKind::decimal, decimal, 10, 2), "\"1234.64\""},
      {"text", ColumnType::varchar, text("é"), "\"é\""},
      {"empty text", ColumnType::varchar, text(""), "\"\""},
      {"bytes are base64", ColumnType::blob, data(ValueKind::bytes, bytes), "\"AP8=\""},
      {"VECTOR", ColumnType::vector, data(ValueKind::vector, floats), "[0.1 -2 ]"},
      {"GEOMETRY is base64 in one piece", ColumnType::geometry, data(ValueKind::geometry, point),
       "\"AQEAACDmEAAAAAAAAAAAAAAAAAAAAADwPw==\""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Scene scene{{column("c", c.type)}};
    CHECK(fields_of(scene, std::vector{c.value})["c"] == c.expected);
  }
}

TEST_CASE("absent values have no field, and names are the table's own") {
  const Scene scene{{column("a-b"), column("gone"), column("")}};
  const auto fields = fields_of(scene, std::vector{integer(1), absent(), integer(2)});
  CHECK(fields == std::map<std::string, std::string>{{"", "2"}, {"a-b", "1"}});
}

TEST_CASE("forms that lose nothing apply") {
  const ExactBytes decimal = from_hex("800004d240");
  const Scene scene{{column("d", ColumnType::decimal), column("t", ColumnType::time)}};
  const std::vector<Value> values{data(ValueKind::decimal, decimal, 10, 2), number(ValueKind::time, 1'000'000)};
  const auto fields = fields_of(scene, values, {.decimal = config::DecimalForm::avro, .temporal = config::TemporalForm::epoch});
  CHECK(fields == std::map<std::string, std::string>{{"d", "\"1234.64\""}, {"t", "1000000"}});
}

}  // namespace
}  // namespace cdc::opencdc
