#include "cdc/binlog/row_layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"
#include "cdc/model/decimal.h"

namespace cdc::binlog {
namespace {

using charset::TextCoding;

/// Character data or bytes, by what the column's charset is.
void set_string_codec(Codec& codec, TextCoding coding) {
  codec.coding = coding;
  codec.op = coding == TextCoding::utf8mb4  ? CodecOp::text
             : coding == TextCoding::binary ? CodecOp::bytes
             : extends_ascii(coding)        ? CodecOp::ascii_based
                                            : CodecOp::converted;
  codec.kind = coding == TextCoding::binary ? ValueKind::bytes : ValueKind::text;
}

void set_fixed_string_codec(Codec& codec, const ColumnUse& use) {
  set_string_codec(codec, use.coding);
  if (use.coding != TextCoding::binary) return;
  codec.op = CodecOp::padded_bytes;
  if (use.type == ColumnType::uuid) codec.kind = ValueKind::uuid;
  if (use.type == ColumnType::inet4 || use.type == ColumnType::inet6) codec.kind = ValueKind::inet;
}

void set_compressed_codec(Codec& codec, TextCoding coding) {
  set_string_codec(codec, coding);
  codec.op = CodecOp::compressed;
}

/// False for a type that cannot be decoded.
bool set_codec(Codec& codec, const WireColumn& column, const ColumnUse& use) {
  switch (column.type) {
    case WireType::tiny: codec.op = CodecOp::int8; return true;
    case WireType::short_: codec.op = CodecOp::int16; return true;
    case WireType::int24: codec.op = CodecOp::int24; return true;
    case WireType::long_: codec.op = CodecOp::int32; return true;
    case WireType::longlong: codec.op = CodecOp::int64; return true;
    case WireType::float_: codec.op = CodecOp::float32; return true;
    case WireType::double_: codec.op = CodecOp::float64; return true;
    case WireType::newdecimal:
      codec.op = CodecOp::decimal;
      codec.width = static_cast<std::uint8_t>(decimal_size_bytes(column.precision, column.fraction_digits));
      return codec.width != 0;
    case WireType::bit: codec.op = CodecOp::bit, codec.width = static_cast<std::uint8_t>((column.precision + 7) / 8); return true;
    case WireType::year: codec.op = CodecOp::year; return true;
    case WireType::date:
    case WireType::newdate: codec.op = CodecOp::date; return true;
    case WireType::time: codec.op = CodecOp::time_old; return true;
    case WireType::datetime: codec.op = CodecOp::datetime_old; return true;
    case WireType::timestamp: codec.op = CodecOp::timestamp_old; return true;
    case WireType::time2: codec.op = CodecOp::time2; return true;
    case WireType::datetime2: codec.op = CodecOp::datetime2; return true;
    case WireType::timestamp2: codec.op = CodecOp::timestamp2; return true;
    case WireType::enum_: codec.op = CodecOp::enum_; return true;
    case WireType::set: codec.op = CodecOp::set; return true;
    case WireType::string: set_fixed_string_codec(codec, use); return true;
    case WireType::varchar:
    case WireType::var_string:
    case WireType::tiny_blob:
    case WireType::medium_blob:
    case WireType::long_blob:
    case WireType::blob:
      set_string_codec(codec, use.coding);
      if (use.type == ColumnType::vector) codec.op = CodecOp::vector;
      return codec.width != 0;
    case WireType::json: codec.op = CodecOp::json; return true;
    case WireType::geometry: codec.op = CodecOp::geometry; return true;
    case WireType::vector: codec.op = CodecOp::vector; return true;
    case WireType::blob_compressed:
    case WireType::varchar_compressed: set_compressed_codec(codec, use.coding); return true;
    case WireType::decimal_old:
    case WireType::null:
    case WireType::typed_array: return false;
  }
  return false;  // a number with no enumerator
}

/// Of a type that no rows can have been read of.
std::string_view name_of(WireType type) noexcept {
  switch (type) {
    case WireType::decimal_old: return "the DECIMAL of MySQL 4";
    case WireType::null: return "NULL, which no column is of";
    case WireType::typed_array: return "a typed array, which no table stores";
    case WireType::newdecimal: return "a DECIMAL of impossible precision";
    default: return "unknown to this version";
  }
}

}  // namespace

RowLayout RowLayout::compile(const TableMap& map, const std::vector<ColumnUse>& uses) {
  RowLayout layout;
  layout.codecs.resize(map.columns.size());
  for (std::size_t i = 0; i < map.columns.size(); ++i) {
    const WireColumn& column = map.columns[i];
    Codec& codec = layout.codecs[i];
    codec.width = column.width;
    codec.precision = column.precision;
    codec.fraction_digits = column.fraction_digits;
    codec.max_bytes = column.max_bytes;
    codec.sign = uses[i].sign;
    codec.slot = uses[i].slot;
    if (!set_codec(codec, column, uses[i])) {
      throw Error{
          ErrorCode::column_unsupported, Remedy::operate,
          fmt::format("`{}`.`{}` column {}{}: wire type {} cannot be decoded: {}", map.schema, map.table, i + 1,
                      column.name.empty() ? "" : fmt::format(" `{}`", column.name), static_cast<unsigned>(column.type),
                      name_of(column.type)),
          fmt::format("ALTER the column to a current type, or leave the table out: --set 'tables=…,!{}.{}'", map.schema, map.table)};
    }
    if (codec.op == CodecOp::json) layout.json_columns.push_back(i);
    if (codec.slot >= 0) layout.slot_count = std::max(layout.slot_count, static_cast<std::size_t>(codec.slot) + 1);
  }
  return layout;
}

ColumnType column_type_of(const WireColumn& column) noexcept {
  const bool binary = column.collation == charset::binary_collation;
  switch (column.type) {
    case WireType::tiny: return ColumnType::tinyint;
    case WireType::short_: return ColumnType::smallint;
    case WireType::int24: return ColumnType::mediumint;
    case WireType::long_: return ColumnType::integer;
    case WireType::longlong: return ColumnType::bigint;
    case WireType::float_: return ColumnType::float_;
    case WireType::double_: return ColumnType::double_;
    case WireType::decimal_old:
    case WireType::newdecimal: return ColumnType::decimal;
    case WireType::bit: return ColumnType::bit;
    case WireType::year: return ColumnType::year;
    case WireType::date:
    case WireType::newdate: return ColumnType::date;
    case WireType::time:
    case WireType::time2: return ColumnType::time;
    case WireType::datetime:
    case WireType::datetime2: return ColumnType::datetime;
    case WireType::timestamp:
    case WireType::timestamp2: return ColumnType::timestamp;
    case WireType::enum_: return ColumnType::enum_;
    case WireType::set: return ColumnType::set;
    case WireType::json: return ColumnType::json;
    case WireType::geometry: return ColumnType::geometry;
    case WireType::vector: return ColumnType::vector;
    case WireType::string: return binary ? ColumnType::binary : ColumnType::char_;
    case WireType::varchar:
    case WireType::var_string:
    case WireType::varchar_compressed: return binary ? ColumnType::varbinary : ColumnType::varchar;
    case WireType::tiny_blob:
    case WireType::medium_blob:
    case WireType::long_blob:
    case WireType::blob:
    case WireType::blob_compressed: return binary ? ColumnType::blob : ColumnType::text;
    case WireType::null:
    case WireType::typed_array: return ColumnType::blob;
  }
  return ColumnType::blob;
}

}  // namespace cdc::binlog
