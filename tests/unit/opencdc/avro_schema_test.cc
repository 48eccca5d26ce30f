#include "avro_schema.h"

#include <doctest/doctest.h>

#include "avro_record.h"
#include "change_scene.h"

namespace cdc::opencdc {
namespace {

using namespace cdc::test;
using config::ValueForms;

std::string type_of(const Column& column, const ValueForms& forms = {}) { return avro_type_json(avro_type(column, forms), column); }

Column required(ColumnType type, unsigned precision = 0, unsigned fraction_digits = 0) {
  Column out = column("c", type);
  out.nullable = false;
  out.precision = static_cast<std::uint8_t>(precision);
  out.fraction_digits = static_cast<std::uint8_t>(fraction_digits);
  return out;
}
Column unsigned_(ColumnType type) {
  Column out = required(type);
  out.is_unsigned = true;
  return out;
}

struct TypeCase {
  std::string name;
  Column column;
  std::string expected;
  ValueForms forms = {};
};

void check_types(std::span<const TypeCase> cases) {
  for (const TypeCase& c : cases) {
    CAPTURE(c.name);
    CHECK(type_of(c.column, c.forms) == c.expected);
  }
}

TEST_CASE("types of numbers") {
  const TypeCase cases[] = {
      {"TINYINT, also TINYINT(1)", required(ColumnType::tinyint), R"("int")"},
      {"SMALLINT UNSIGNED", unsigned_(ColumnType::smallint), R"("int")"},
      {"MEDIUMINT UNSIGNED", unsigned_(ColumnType::mediumint), R"("int")"},
      {"INT", required(ColumnType::integer), R"("int")"},
      {"INT UNSIGNED", unsigned_(ColumnType::integer), R"("long")"},
      {"BIGINT", required(ColumnType::bigint), R"("long")"},
      {"BIGINT UNSIGNED", unsigned_(ColumnType::bigint), R"(["null","long","string"])"},
      {"BIGINT UNSIGNED as string", unsigned_(ColumnType::bigint), R"("string")", {.bigint_unsigned = config::BigintUnsignedForm::string}},
      {"BIGINT UNSIGNED as long", unsigned_(ColumnType::bigint), R"("long")", {.bigint_unsigned = config::BigintUnsignedForm::long_}},
      {"YEAR", required(ColumnType::year), R"("int")"},
      {"FLOAT", required(ColumnType::float_), R"("float")"},
      {"DOUBLE", required(ColumnType::double_), R"("double")"},
      {"DECIMAL", required(ColumnType::decimal, 10, 2), R"("string")"},
      {"DECIMAL as double", required(ColumnType::decimal, 10, 2), R"("double")", {.decimal = config::DecimalForm::double_}},
      {"DECIMAL as avro",
       required(ColumnType::decimal, 10, 2),
       R"({"type":"bytes","logicalType":"decimal","precision":10,"scale":2})",
       {.decimal = config::DecimalForm::avro}},
      {"BIT", required(ColumnType::bit, 9), R"("bytes")"},
      {"BIT(63) as number", required(ColumnType::bit, 63), R"("long")", {.bits = config::BitsForm::number}},
      {"BIT(64) as number", required(ColumnType::bit, 64), R"(["null","long","string"])", {.bits = config::BitsForm::number}},
      {"BIT as text", required(ColumnType::bit, 9), R"("string")", {.bits = config::BitsForm::text}},
  };
  check_types(cases);
}

TEST_CASE("types of texts, bytes and the rest") {
  Column labelled = required(ColumnType::enum_), masked = required(ColumnType::integer);
  labelled.labels = {"a"};
  masked.masked = true;
  const std::string any = R"(["null","long","double","string","bytes"])";
  const TypeCase cases[] = {
      {"VARCHAR", required(ColumnType::varchar), R"("string")"},
      {"JSON", required(ColumnType::json), R"("string")"},
      {"BLOB", required(ColumnType::blob), R"("bytes")"},
      {"BINARY as base64", required(ColumnType::binary), R"("string")", {.binary = config::BinaryForm::base64}},
      {"VARBINARY as hex", required(ColumnType::varbinary), R"("string")", {.binary = config::BinaryForm::hex}},
      {"GEOMETRY", required(ColumnType::geometry), R"("bytes")"},
      {"GEOMETRY as hex", required(ColumnType::geometry), R"("string")", {.geometry = config::GeometryForm::hex}},
      {"VECTOR", required(ColumnType::vector), R"({"type":"array","items":"float"})"},
      {"UUID", required(ColumnType::uuid), R"("string")"},
      {"INET6", required(ColumnType::inet6), R"("string")"},
      {"ENUM", labelled, R"("string")"},
      {"ENUM whose labels are not known", required(ColumnType::enum_), any},
      {"SET whose labels are not known", required(ColumnType::set), any},
      {"masked, whatever it was", masked, R"(["null","string"])"},
      {"nullable", column("c"), R"(["null","string"])"},
  };
  check_types(cases);
}

TEST_CASE("types of dates and times") {
  const ValueForms iso{.temporal = config::TemporalForm::iso}, epoch{.temporal = config::TemporalForm::epoch};
  const ValueForms strict{.temporal = config::TemporalForm::epoch, .zero_dates = config::ZeroDates::fail};
  const TypeCase cases[] = {
      {"DATE", required(ColumnType::date), R"("string")"},
      {"TIMESTAMP", required(ColumnType::timestamp), R"("string")"},
      {"DATE as iso: the zero date becomes null", required(ColumnType::date), R"(["null","string"])", iso},
      {"TIME as iso", required(ColumnType::time), R"("string")", iso},
      {"DATE as epoch: days", required(ColumnType::date), R"(["null","int"])", epoch},
      {"DATETIME as epoch: microseconds", required(ColumnType::datetime), R"(["null","long"])", epoch},
      {"TIME as epoch", required(ColumnType::time), R"("long")", epoch},
      {"TIMESTAMP as epoch where zero dates fail", required(ColumnType::timestamp), R"("long")", strict},
  };
  check_types(cases);
}

std::string schema_of(const Scene& scene, std::vector<std::size_t> columns, bool is_key = false, std::string fields = {}) {
  return AvroRecord{scene.table, {columns, std::move(fields), is_key}, {}}.schema_json();
}

TEST_CASE("a schema names table, schema and columns") {
  Column id = column("id", ColumnType::integer);
  id.nullable = false;
  const Scene scene{{id, column("note")}};
  CHECK(schema_of(scene, {0, 1}) == R"({"type":"record","name":"orders","namespace":"shop","fields":[{"name":"id","type":"int"},)"
                                    R"({"name":"note","type":["null","string"],"default":null}]})");
  CHECK(schema_of(scene, {0}, true) == R"({"type":"record","name":"orders_key","namespace":"shop","fields":[{"name":"id","type":"int"}]})");
}

TEST_CASE("names that Avro does not allow are kept in doc") {
  Scene scene{{column("a-b"), column("quote\"\\\x01")}};
  scene.table.schema = "sh op";
  CHECK(schema_of(scene, {0, 1}) == R"({"type":"record","name":"orders","namespace":"sh_op","doc":"sh op.orders","fields":[)"
                                    R"({"name":"a_b","doc":"a-b","type":["null","string"],"default":null},)"
                                    R"({"name":"quote___","doc":"quote\"\\\u0001","type":["null","string"],"default":null}]})");
}

TEST_CASE("a shape leaves absent columns out, and all it has is nullable") {
  Column id = column("id", ColumnType::integer);
  id.nullable = false;
  const Scene scene{{id, column("note"), column("name")}};
  CHECK(schema_of(scene, {0, 1, 2}, false, "dna") ==
        R"({"type":"record","name":"orders","namespace":"shop","fields":[{"name":"id","type":["null","int"],"default":null},)"
        R"({"name":"name","type":["null","long","double","string","bytes"],"default":null}]})");
}

}  // namespace
}  // namespace cdc::opencdc
