#include "cdc/select/row_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"

namespace cdc::select {
namespace {

using charset::TextCoding;

constexpr std::uint32_t uuid_bytes = 16, inet4_bytes = 4, inet6_bytes = 16;

/// How one column is asked for: `before` name `after`.
struct Reading {
  Field field;
  std::string_view before = {}, after = {};
};

/// A declared precision or ZEROFILL makes the server print another number than it holds.
bool prints_rounded(std::string_view type_text) noexcept {
  return type_text.find('(') != std::string_view::npos || type_text.find("zerofill") != std::string_view::npos;
}

Reading integer_reading(const Column& column) { return {{.op = column.is_unsigned ? FieldOp::unsigned_integer : FieldOp::integer}}; }

/// Times one: the exact number as a DOUBLE, the sign of zero included.
Reading double_reading(std::string_view type_text) {
  return {{.op = FieldOp::float64}, {}, prints_rounded(type_text) ? "*1e0" : std::string_view{}};
}

Reading text_reading(const Column& column, bool mariadb) {
  const TextCoding coding = charset::coding_of_collation(column.collation, mariadb);
  if (coding == TextCoding::unsupported || coding == TextCoding::unknown) {
    throw Error{ErrorCode::column_unsupported, Remedy::operate,
                fmt::format("`{}` has the collation number {}, whose charset is not known", column.name, column.collation),
                "ALTER the column to one of the server's own collations, or leave it out with columns.exclude"};
  }
  return {{.op = coding == TextCoding::binary ? FieldOp::data : FieldOp::text, .coding = coding}};
}

Reading data_reading(ValueKind kind, std::uint32_t size_bytes = 0) {
  return {{.op = FieldOp::data, .kind = kind, .size_bytes = size_bytes}};
}

Reading network_reading(ValueKind kind, std::uint32_t size_bytes, std::string_view as_binary) {
  return {data_reading(kind, size_bytes).field, "CAST(", as_binary};
}

Reading clock_reading(FieldOp op, const Column& column) { return {{.op = op, .fraction_digits = column.fraction_digits}}; }

Reading ordinal_reading(ValueKind kind) { return {{.op = FieldOp::ordinal, .kind = kind}, "CAST(", " AS UNSIGNED)"}; }

/// YEAR(2) prints two of four digits.
Reading year_reading(std::string_view type_text) {
  const bool two_digits = type_text == "year(2)";
  return {{.op = FieldOp::year}, two_digits ? "YEAR(" : std::string_view{}, two_digits ? ")" : std::string_view{}};
}

Reading reading_of(const catalog::CatalogColumn& entry, bool mariadb) {
  const Column& column = entry.column;
  switch (column.type) {
    case ColumnType::tinyint:
    case ColumnType::smallint:
    case ColumnType::mediumint:
    case ColumnType::integer:
    case ColumnType::bigint: return integer_reading(column);
    case ColumnType::float_: return {{.op = FieldOp::float32}, {}, "*1e0"};
    case ColumnType::double_: return double_reading(entry.type_text);
    case ColumnType::decimal: return {{.op = FieldOp::decimal, .precision = column.precision, .fraction_digits = column.fraction_digits}};
    case ColumnType::bit: return {{.op = FieldOp::bit, .precision = column.precision}};
    case ColumnType::char_:
    case ColumnType::varchar:
    case ColumnType::text: return text_reading(column, mariadb);
    case ColumnType::binary: return data_reading(ValueKind::bytes, column.length_bytes);
    case ColumnType::varbinary:
    case ColumnType::blob: return data_reading(ValueKind::bytes);
    case ColumnType::date: return {{.op = FieldOp::date}};
    case ColumnType::time: return clock_reading(FieldOp::time, column);
    case ColumnType::datetime: return clock_reading(FieldOp::datetime, column);
    case ColumnType::timestamp: return clock_reading(FieldOp::timestamp, column);
    case ColumnType::year: return year_reading(entry.type_text);
    case ColumnType::enum_: return ordinal_reading(ValueKind::enum_index);
    case ColumnType::set: return ordinal_reading(ValueKind::set_bits);
    case ColumnType::json: return {{.op = FieldOp::json}};
    case ColumnType::geometry: return data_reading(ValueKind::geometry);
    case ColumnType::vector: return data_reading(ValueKind::vector);
    case ColumnType::uuid: return network_reading(ValueKind::uuid, uuid_bytes, " AS BINARY(16))");
    case ColumnType::inet4: return network_reading(ValueKind::inet, inet4_bytes, " AS BINARY(4))");
    case ColumnType::inet6: return network_reading(ValueKind::inet, inet6_bytes, " AS BINARY(16))");
  }
  throw Error{ErrorCode::column_unsupported, Remedy::fix, fmt::format("`{}` is of no known type", column.name)};
}

charset::TextCoding coding_of(const Column& column, bool mariadb) { return text_reading(column, mariadb).field.coding; }

Reading copied_clock(FieldOp op, const Column& column) {
  constexpr std::uint8_t copied_digits = 6;
  Reading out = clock_reading(op, column);
  out.field.surplus_digits = static_cast<std::uint8_t>(copied_digits - std::min(copied_digits, column.fraction_digits));
  return out;
}

/// Where the copy is of another type than the column.
Reading copy_reading_of(const catalog::CatalogColumn& entry, bool mariadb) {
  const Column& column = entry.column;
  switch (column.type) {
    case ColumnType::float_: return {{.op = FieldOp::float32}};
    case ColumnType::double_: return {{.op = FieldOp::float64}};
    case ColumnType::bit: return {{.op = FieldOp::bit_number, .precision = column.precision}};
    case ColumnType::binary: return data_reading(ValueKind::bytes);
    case ColumnType::time: return copied_clock(FieldOp::time, column);
    case ColumnType::datetime: return copied_clock(FieldOp::datetime, column);
    case ColumnType::timestamp: return copied_clock(FieldOp::timestamp, column);
    case ColumnType::enum_: return {{.op = FieldOp::label, .coding = coding_of(column, mariadb)}};
    case ColumnType::set: return {{.op = FieldOp::labels, .coding = coding_of(column, mariadb)}};
    default: return reading_of(entry, mariadb);
  }
}

void add(RowPlan& plan, const Column& column, const Reading& reading, std::string_view expression) {
  if (!plan.list.empty()) plan.list += ", ";
  plan.list.append(reading.before).append(expression).append(reading.after);
  plan.fields.push_back(reading.field);
  plan.names.push_back(column.name);
  const bool by_label = reading.field.op == FieldOp::label || reading.field.op == FieldOp::labels;
  plan.labels.push_back(by_label ? column.labels : std::vector<std::string>{});
}

/// Labels that information_schema cannot show exactly are not shown at all.
void forbid_unsure_labels(const catalog::CatalogColumn& entry) {
  if (!entry.labels_unsure) return;
  throw Error{ErrorCode::schema_mismatch, Remedy::operate,
              fmt::format("information_schema cannot tell the labels of `{}` exactly", entry.column.name),
              "leave the column out with columns.exclude, or ALTER its labels to characters of the basic plane"};
}

std::string quoted_name(const catalog::CatalogTable& table) {
  return mysql::quote_name(table.schema) + '.' + mysql::quote_name(table.table);
}

}  // namespace

RowPlan RowPlan::compile(const catalog::CatalogTable& table, std::span<const std::size_t> columns, mysql::Flavor flavor) {
  RowPlan plan;
  plan.table = quoted_name(table);
  for (const std::size_t index : columns) {
    const catalog::CatalogColumn& entry = table.columns[index];
    forbid_unsure_labels(entry);
    add(plan, entry.column, reading_of(entry, flavor == mysql::Flavor::mariadb), mysql::quote_name(entry.column.name));
  }
  return plan;
}

RowPlan RowPlan::compile_copies(const catalog::CatalogTable& table, std::span<const CopiedColumn> sources, mysql::Flavor flavor) {
  RowPlan plan;
  plan.table = quoted_name(table);
  for (const CopiedColumn& source : sources) {
    const catalog::CatalogColumn& entry = table.columns[source.column];
    forbid_unsure_labels(entry);
    add(plan, entry.column, copy_reading_of(entry, flavor == mysql::Flavor::mariadb),
        source.expression.empty() ? std::string_view{"NULL"} : source.expression);
  }
  return plan;
}

std::vector<std::size_t> shown_columns(const catalog::CatalogTable& table) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (!table.columns[i].hidden) out.push_back(i);
  }
  return out;
}

}  // namespace cdc::select
