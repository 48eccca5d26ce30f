#include <fmt/format.h>

#include <string_view>

#include "cdc/base/error.h"
#include "table_builder.h"

namespace cdc::capture {
namespace {

using binlog::WireColumn;
using binlog::WireType;

bool is_one_of(WireType type, std::initializer_list<WireType> allowed) noexcept {
  for (const WireType candidate : allowed)
    if (candidate == type) return true;
  return false;
}

/// Which wire types a column of the catalog may arrive as; temporal types have an old and a new form.
bool same_type(WireType wire, ColumnType type) noexcept {
  switch (type) {
    case ColumnType::tinyint: return wire == WireType::tiny;
    case ColumnType::smallint: return wire == WireType::short_;
    case ColumnType::mediumint: return wire == WireType::int24;
    case ColumnType::integer: return wire == WireType::long_;
    case ColumnType::bigint: return wire == WireType::longlong;
    case ColumnType::float_: return wire == WireType::float_;
    case ColumnType::double_: return wire == WireType::double_;
    case ColumnType::decimal: return wire == WireType::newdecimal;
    case ColumnType::bit: return wire == WireType::bit;
    case ColumnType::date: return is_one_of(wire, {WireType::date, WireType::newdate});
    case ColumnType::time: return is_one_of(wire, {WireType::time, WireType::time2});
    case ColumnType::datetime: return is_one_of(wire, {WireType::datetime, WireType::datetime2});
    case ColumnType::timestamp: return is_one_of(wire, {WireType::timestamp, WireType::timestamp2});
    case ColumnType::year: return wire == WireType::year;
    case ColumnType::enum_: return wire == WireType::enum_;
    case ColumnType::set: return wire == WireType::set;
    case ColumnType::json: return wire == WireType::json;
    case ColumnType::geometry: return wire == WireType::geometry;
    case ColumnType::vector: return is_one_of(wire, {WireType::vector, WireType::varchar});
    case ColumnType::char_:
    case ColumnType::binary:
    case ColumnType::uuid:
    case ColumnType::inet4:
    case ColumnType::inet6: return wire == WireType::string;
    case ColumnType::varchar:
    case ColumnType::varbinary: return is_one_of(wire, {WireType::varchar, WireType::var_string, WireType::varchar_compressed});
    case ColumnType::text:
    case ColumnType::blob: return is_one_of(wire, {WireType::blob, WireType::blob_compressed});
  }
  return false;
}

bool same_size(const WireColumn& wire, const Column& column) noexcept {
  switch (column.type) {
    case ColumnType::decimal: return wire.precision == column.precision && wire.fraction_digits == column.fraction_digits;
    case ColumnType::bit: return wire.precision == column.precision;
    case ColumnType::time:
    case ColumnType::datetime:
    case ColumnType::timestamp: return wire.fraction_digits == column.fraction_digits;
    case ColumnType::char_:
    case ColumnType::binary:
    case ColumnType::varchar:
    case ColumnType::varbinary:
      return wire.type == WireType::varchar_compressed || column.length_bytes == 0 || wire.max_bytes == column.length_bytes;
    default: return true;
  }
}

[[noreturn]] void throw_mismatch(std::string what) {
  throw Error{ErrorCode::schema_mismatch, Remedy::operate, std::move(what),
              "SET GLOBAL binlog_row_metadata=FULL, then start from a position after that"};
}

}  // namespace

void require_same_shape(const binlog::TableMap& map, const catalog::CatalogTable& known) {
  if (map.columns.size() != known.columns.size())
    throw_mismatch(fmt::format("the logged rows have {} columns, the table now has {}", map.columns.size(), known.columns.size()));
  for (std::size_t i = 0; i < map.columns.size(); ++i) {
    const Column& column = known.columns[i].column;
    if (!same_type(map.columns[i].type, column.type) || !same_size(map.columns[i], column))
      throw_mismatch(
          fmt::format("column {} was logged with another type than `{}` has now ({})", i + 1, column.name, known.columns[i].type_text));
  }
}

}  // namespace cdc::capture
