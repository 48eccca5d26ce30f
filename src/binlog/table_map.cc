#include "cdc/binlog/table_map.h"

#include <fmt/format.h>

#include <algorithm>

namespace cdc::binlog {
namespace {

/// Metadata of STRING (254): the real type hides in the first byte, long lengths use two of its bits, inverted.
bool resolve_string(std::uint8_t b0, std::uint8_t b1, WireColumn& column) {
  std::uint8_t type = b0;
  std::uint32_t max_bytes = b1;
  if ((b0 & 0x30) != 0x30) {
    type = static_cast<std::uint8_t>(b0 | 0x30);
    max_bytes = b1 | static_cast<std::uint32_t>((b0 & 0x30) ^ 0x30) << 4;
  }
  column.type = static_cast<WireType>(type);
  if (column.type == WireType::enum_ || column.type == WireType::set) {
    column.width = b1;
    return column.type == WireType::enum_ ? b1 == 1 || b1 == 2 : b1 >= 1 && b1 <= 8;
  }
  column.max_bytes = max_bytes;
  column.width = max_bytes > 255 ? 2 : 1;
  return column.type == WireType::string;
}

bool read_column_metadata(Reader& meta, WireColumn& column) {
  switch (column.type) {
    case WireType::float_:
    case WireType::double_: return meta.u8() == (column.type == WireType::float_ ? 4 : 8);
    case WireType::blob:
    case WireType::geometry:
    case WireType::json:
    case WireType::vector:
    case WireType::blob_compressed: column.width = meta.u8(); return column.width >= 1 && column.width <= 4;
    case WireType::time2:
    case WireType::datetime2:
    case WireType::timestamp2: column.fraction_digits = meta.u8(); return column.fraction_digits <= 6;
    case WireType::varchar:
    case WireType::var_string:
    case WireType::varchar_compressed:
      column.max_bytes = meta.u16();
      column.width = column.max_bytes > 255 ? 2 : 1;
      return true;
    case WireType::bit: {
      const unsigned bits = meta.u8(), bytes = meta.u8();
      column.precision = static_cast<std::uint8_t>(bytes * 8 + bits);
      return bits < 8 && bytes <= 8 && column.precision >= 1 && column.precision <= 64;
    }
    case WireType::newdecimal:
      column.precision = meta.u8();
      column.fraction_digits = meta.u8();
      return column.precision >= 1 && column.precision <= 65 && column.fraction_digits <= 30 && column.fraction_digits <= column.precision;
    case WireType::string:
    case WireType::enum_:
    case WireType::set: {
      const std::uint8_t b0 = meta.u8(), b1 = meta.u8();
      return resolve_string(b0, b1, column);
    }
    default: return true;  // types without metadata; unknown ones are refused when a row of the table is wanted
  }
}

bool is_signed_class(WireType type) noexcept {
  switch (type) {
    case WireType::tiny:
    case WireType::short_:
    case WireType::int24:
    case WireType::long_:
    case WireType::longlong:
    case WireType::float_:
    case WireType::double_:
    case WireType::decimal_old:
    case WireType::newdecimal:
    case WireType::year: return true;
    default: return false;
  }
}

bool is_label_class(WireType type) noexcept { return type == WireType::enum_ || type == WireType::set; }

bool is_character_class(WireType type, bool mariadb) noexcept {
  switch (type) {
    case WireType::string:
    case WireType::var_string:
    case WireType::varchar:
    case WireType::blob: return true;
    case WireType::vector: return !mariadb;
    case WireType::geometry:
    case WireType::blob_compressed:
    case WireType::varchar_compressed: return mariadb;
    default: return false;
  }
}

template <class Wanted>
std::vector<WireColumn*> columns_where(TableMap& map, Wanted&& wanted) {
  std::vector<WireColumn*> out;
  for (WireColumn& column : map.columns)
    if (wanted(column.type)) out.push_back(&column);
  return out;
}

void read_signedness(Reader field, TableMap& map) {
  std::size_t bit = 0;
  std::uint8_t bits = 0;
  for (WireColumn* column : columns_where(map, is_signed_class)) {
    if (bit % 8 == 0) bits = field.u8();
    if (field.failed()) return;
    column->sign = (bits >> (7 - bit % 8) & 1) != 0 ? Signedness::unsigned_ : Signedness::signed_;
    ++bit;
  }
}

bool read_default_charset(Reader field, const std::vector<WireColumn*>& columns) {
  const auto fallback = static_cast<std::uint32_t>(field.lenenc());
  for (WireColumn* column : columns) column->collation = fallback;
  while (field.remaining() != 0) {
    const std::uint64_t index = field.lenenc();
    const auto collation = static_cast<std::uint32_t>(field.lenenc());
    if (field.failed() || index >= columns.size()) return false;
    columns[static_cast<std::size_t>(index)]->collation = collation;
  }
  return !field.failed();
}

bool read_column_charsets(Reader field, const std::vector<WireColumn*>& columns) {
  for (WireColumn* column : columns) column->collation = static_cast<std::uint32_t>(field.lenenc());
  return !field.failed() && field.remaining() == 0;
}

bool read_names(Reader field, TableMap& map) {
  for (WireColumn& column : map.columns) column.name = field.text(field.lenenc());
  map.has_names = !field.failed() && field.remaining() == 0;
  return map.has_names;
}

bool read_labels(Reader field, const std::vector<WireColumn*>& columns) {
  for (WireColumn* column : columns) {
    const std::uint64_t count = field.lenenc();
    if (count > field.remaining()) return false;  // a label takes at least its length byte
    column->labels.clear();
    column->labels.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count; ++i) column->labels.emplace_back(field.text(field.lenenc()));
  }
  return !field.failed() && field.remaining() == 0;
}

bool read_primary_key(Reader field, bool with_prefixes, TableMap& map) {
  while (field.remaining() != 0) {
    const std::uint64_t index = field.lenenc();
    const std::uint64_t prefix = with_prefixes ? field.lenenc() : 0;
    if (field.failed() || index >= map.columns.size()) return false;
    map.primary_key.push_back({static_cast<std::size_t>(index), prefix});
  }
  return !field.failed();
}

/// Types of the optional fields. Source: mysql-server `Table_map_event::Optional_metadata_field_type`.
bool read_optional_field(std::uint8_t type, Reader field, bool mariadb, TableMap& map) {
  const auto characters = [&] { return columns_where(map, [&](WireType t) { return is_character_class(t, mariadb); }); };
  const auto only = [&](WireType wanted) { return columns_where(map, [wanted](WireType t) { return t == wanted; }); };
  switch (type) {
    case 1: read_signedness(field, map); return true;
    case 2: return read_default_charset(field, characters());
    case 3: return read_column_charsets(field, characters());
    case 4: return read_names(field, map);
    case 5: return read_labels(field, only(WireType::set));
    case 6: return read_labels(field, only(WireType::enum_));
    case 8: return read_primary_key(field, false, map);
    case 9: return read_primary_key(field, true, map);
    case 10: return read_default_charset(field, columns_where(map, is_label_class));
    case 11: return read_column_charsets(field, columns_where(map, is_label_class));
    default: return true;  // geometry types, visibility, vector dimensions, and what is not known yet
  }
}

bool read_columns(Reader& body, TableMap& out) {
  const std::uint64_t count = body.lenenc();
  if (count > column_count_max) return false;
  const auto types = body.take(count);
  Reader meta = body.sub(body.lenenc());
  const auto nullable = body.take((count + 7) / 8);
  if (body.failed()) return false;
  out.columns.assign(static_cast<std::size_t>(count), {});
  for (std::size_t i = 0; i < out.columns.size(); ++i) {
    WireColumn& column = out.columns[i];
    column.type = static_cast<WireType>(types[i]);
    column.nullable = (std::to_integer<unsigned>(nullable[i / 8]) >> i % 8 & 1) != 0;
    if (!read_column_metadata(meta, column) || meta.failed()) {
      out.fault = fmt::format("the metadata of column {} (type {})", i + 1, static_cast<unsigned>(types[i]));
      return false;
    }
  }
  return meta.remaining() == 0;
}

bool read_name(Reader& body, std::string& out) {
  out = body.text(body.lenenc());
  return body.u8() == 0 && !body.failed();
}

}  // namespace

bool TableMap::parse(Reader body, const Format& format, TableMap& out) {
  out = TableMap{};
  out.mariadb = format.mariadb;
  out.table_id = body.uint_le(format.table_id_size_bytes);
  out.flags = body.u16();
  out.fault = "its names";
  if (!read_name(body, out.schema) || !read_name(body, out.table)) return false;
  out.fault = "the sizes of its columns";
  if (!read_columns(body, out)) return false;
  while (format.has_metadata && body.remaining() != 0) {
    const std::uint8_t type = body.u8();
    const Reader field = body.sub(body.lenenc());
    if (body.failed() || !read_optional_field(type, field, format.mariadb, out)) {
      out.fault = fmt::format("its optional field {}", type);
      return false;
    }
  }
  return out.fault.clear(), true;
}

}  // namespace cdc::binlog
