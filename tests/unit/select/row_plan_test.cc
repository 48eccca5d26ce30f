#include "cdc/select/row_plan.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cdc/base/error.h"

namespace cdc::select {
namespace {

constexpr std::uint32_t latin1_collation = 8, utf8mb4_collation = 255, mariadb_collation = 2304;

catalog::CatalogColumn column_of(ColumnType type, std::string type_text = {}) {
  catalog::CatalogColumn out;
  out.column.name = "c";
  out.column.type = type;
  out.type_text = std::move(type_text);
  return out;
}

catalog::CatalogColumn text_column(ColumnType type, std::uint32_t collation) {
  auto out = column_of(type);
  out.column.collation = collation;
  return out;
}

catalog::CatalogTable table_of(std::vector<catalog::CatalogColumn> columns) { return {"shop", "t", std::move(columns), {}, 0, false}; }

RowPlan plan_of(const catalog::CatalogTable& table, mysql::Flavor flavor = mysql::Flavor::mysql) {
  return RowPlan::compile(table, shown_columns(table), flavor);
}

struct ExpressionCase {
  std::string name;
  catalog::CatalogColumn column;
  std::string expression;
  FieldOp op;
};

TEST_CASE("how each type is asked for") {
  using enum ColumnType;
  auto unsigned_column = column_of(bigint, "bigint(20) unsigned");
  unsigned_column.column.is_unsigned = true;
  const std::vector<ExpressionCase> cases{
      {"integer", column_of(tinyint, "tinyint(1)"), "`c`", FieldOp::integer},
      {"unsigned integer", unsigned_column, "`c`", FieldOp::unsigned_integer},
      {"FLOAT: its text has six digits", column_of(float_, "float"), "`c`*1e0", FieldOp::float32},
      {"DOUBLE", column_of(double_, "double"), "`c`", FieldOp::float64},
      {"DOUBLE of two digits", column_of(double_, "double(10,2)"), "`c`*1e0", FieldOp::float64},
      {"DOUBLE with leading zeros", column_of(double_, "double unsigned zerofill"), "`c`*1e0", FieldOp::float64},
      {"DECIMAL", column_of(decimal, "decimal(65,30)"), "`c`", FieldOp::decimal},
      {"BIT", column_of(bit, "bit(64)"), "`c`", FieldOp::bit},
      {"YEAR", column_of(year, "year"), "`c`", FieldOp::year},
      {"YEAR of two digits", column_of(year, "year(2)"), "YEAR(`c`)", FieldOp::year},
      {"DATE", column_of(date), "`c`", FieldOp::date},
      {"TIME", column_of(time), "`c`", FieldOp::time},
      {"DATETIME", column_of(datetime), "`c`", FieldOp::datetime},
      {"TIMESTAMP", column_of(timestamp), "`c`", FieldOp::timestamp},
      {"ENUM", column_of(enum_), "CAST(`c` AS UNSIGNED)", FieldOp::ordinal},
      {"SET", column_of(set), "CAST(`c` AS UNSIGNED)", FieldOp::ordinal},
      {"CHAR", text_column(char_, latin1_collation), "`c`", FieldOp::text},
      {"VARCHAR", text_column(varchar, utf8mb4_collation), "`c`", FieldOp::text},
      {"TEXT", text_column(text, utf8mb4_collation), "`c`", FieldOp::text},
      {"BINARY", column_of(binary), "`c`", FieldOp::data},
      {"VARBINARY", column_of(varbinary), "`c`", FieldOp::data},
      {"BLOB", column_of(blob), "`c`", FieldOp::data},
      {"JSON", column_of(json), "`c`", FieldOp::json},
      {"GEOMETRY", column_of(geometry), "`c`", FieldOp::data},
      {"VECTOR", column_of(vector), "`c`", FieldOp::data},
      {"UUID", column_of(uuid), "CAST(`c` AS BINARY(16))", FieldOp::data},
      {"INET4", column_of(inet4), "CAST(`c` AS BINARY(4))", FieldOp::data},
      {"INET6", column_of(inet6), "CAST(`c` AS BINARY(16))", FieldOp::data},
  };
  for (const ExpressionCase& c : cases) {
    CAPTURE(c.name);
    const RowPlan plan = plan_of(table_of({c.column}));
    CHECK(plan.list == c.expression);
    REQUIRE(plan.fields.size() == 1);
    CHECK(plan.fields[0].op == c.op);
  }
}

TEST_CASE("names are quoted, hidden columns left out, the order is the caller's") {
  auto table = table_of({column_of(ColumnType::integer), column_of(ColumnType::bigint), column_of(ColumnType::float_)});
  table.schema = "a`b", table.table = "select";
  table.columns[0].column.name = "日本", table.columns[1].column.name = "DB_ROW_HASH_1", table.columns[2].column.name = "x`y";
  table.columns[1].hidden = true;
  CHECK(plan_of(table).list == "`日本`, `x``y`*1e0");
  CHECK(plan_of(table).table == "`a``b`.`select`");
  const std::size_t turned[] = {2, 0};
  CHECK(RowPlan::compile(table, turned, mysql::Flavor::mysql).list == "`x``y`*1e0, `日本`");
  CHECK(RowPlan::compile(table, turned, mysql::Flavor::mysql).names == std::vector<std::string>{"x`y", "日本"});
}

TEST_CASE("a charset or labels that cannot be told are refused by name") {
  const auto refusal = [](catalog::CatalogColumn column, mysql::Flavor flavor) {
    try {
      static_cast<void>(plan_of(table_of({std::move(column)}), flavor));
    } catch (const Error& error) {
      CHECK(std::string{error.message()}.find("`c`") != std::string::npos);
      return error.code();
    }
    return ErrorCode::usage;
  };
  CHECK(refusal(text_column(ColumnType::varchar, mariadb_collation), mysql::Flavor::mysql) == ErrorCode::column_unsupported);
  CHECK(refusal(text_column(ColumnType::varchar, 0), mysql::Flavor::mariadb) == ErrorCode::column_unsupported);
  CHECK(plan_of(table_of({text_column(ColumnType::varchar, mariadb_collation)}), mysql::Flavor::mariadb).fields[0].coding ==
        charset::TextCoding::utf8mb4);
  auto labels = column_of(ColumnType::enum_);
  labels.labels_unsure = true;
  CHECK(refusal(labels, mysql::Flavor::mysql) == ErrorCode::schema_mismatch);
}

TEST_CASE("how a copy in a changelog is asked for") {
  using enum ColumnType;
  auto stamp = column_of(timestamp, "timestamp(3)");
  stamp.column.fraction_digits = 3;
  auto labels = text_column(enum_, utf8mb4_collation);
  labels.column.labels = {"a", "b"};
  struct Case {
    std::string name;
    catalog::CatalogColumn column;
    std::string expression;
    FieldOp op;
    std::uint8_t surplus_digits;
  };
  const std::vector<Case> cases{
      {"integer", column_of(tinyint, "tinyint(1)"), "r.`b7`", FieldOp::integer, 0},
      {"FLOAT, which is a DOUBLE there", column_of(float_, "float"), "r.`b7`", FieldOp::float32, 0},
      {"DOUBLE of two digits", column_of(double_, "double(10,2)"), "r.`b7`", FieldOp::float64, 0},
      {"BIT, which is a number there", column_of(bit, "bit(64)"), "r.`b7`", FieldOp::bit_number, 0},
      {"DATETIME without fraction", column_of(datetime), "r.`b7`", FieldOp::datetime, 6},
      {"TIMESTAMP of three digits", stamp, "r.`b7`", FieldOp::timestamp, 3},
      {"TIME", column_of(time), "r.`b7`", FieldOp::time, 6},
      {"ENUM, which is its label there", labels, "r.`b7`", FieldOp::label, 0},
      {"SET", text_column(set, latin1_collation), "r.`b7`", FieldOp::labels, 0},
      {"VARCHAR", text_column(varchar, utf8mb4_collation), "r.`b7`", FieldOp::text, 0},
      {"BINARY, of any size", column_of(binary), "r.`b7`", FieldOp::data, 0},
      {"UUID", column_of(uuid), "CAST(r.`b7` AS BINARY(16))", FieldOp::data, 0},
      {"DATE", column_of(date), "r.`b7`", FieldOp::date, 0},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const CopiedColumn copy[] = {{0, "r.`b7`"}};
    const RowPlan plan = RowPlan::compile_copies(table_of({c.column}), copy, mysql::Flavor::mysql);
    CHECK(plan.list == c.expression);
    REQUIRE(plan.fields.size() == 1);
    CHECK(plan.fields[0].op == c.op);
    CHECK(plan.fields[0].surplus_digits == c.surplus_digits);
    CHECK(plan.labels[0] == c.column.column.labels);
  }
  const CopiedColumn none[] = {{0, {}}};
  CHECK(RowPlan::compile_copies(table_of({labels}), none, mysql::Flavor::mysql).list == "NULL");
}

}  // namespace
}  // namespace cdc::select
