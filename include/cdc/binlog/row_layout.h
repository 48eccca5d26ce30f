#pragma once

/// What a table map compiles to: one small codec a column, resolved once, run for every row.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cdc/binlog/table_map.h"
#include "cdc/charset/text_charset.h"
#include "cdc/model/table_schema.h"
#include "cdc/model/value.h"

namespace cdc::binlog {

enum class CodecOp : std::uint8_t {
  int8,
  int16,
  int24,
  int32,
  int64,
  float32,
  float64,
  decimal,
  bit,
  year,
  date,
  time_old,
  datetime_old,
  timestamp_old,
  time2,
  datetime2,
  timestamp2,
  enum_,
  set,
  text,         ///< Length prefix of `width` bytes; UTF-8, checked.
  ascii_based,  ///< The same in a charset that extends ASCII: as it is while it is ASCII, else converted.
  converted,    ///< The same in another charset.
  bytes,
  padded_bytes,  ///< BINARY(n), UUID, INET: the server strips trailing zeros, they are put back up to `max_bytes`.
  json,
  geometry,
  vector,
  compressed,  ///< MariaDB COMPRESSED columns: inflated, then text or bytes.
};

struct Codec {
  CodecOp op{};
  std::uint8_t width = 0;  ///< Length-prefix bytes, or value bytes of decimal/bit/enum/set.
  std::uint8_t precision = 0;
  std::uint8_t fraction_digits = 0;
  Signedness sign = Signedness::signed_;
  charset::TextCoding coding = charset::TextCoding::binary;
  ValueKind kind = ValueKind::bytes;  ///< Of padded_bytes and the string-likes.
  std::uint32_t max_bytes = 0;
  std::int32_t slot = -1;  ///< Index in the decoded row; -1 = stepped over.

  bool operator==(const Codec&) const = default;
};

/// How one wire column is to be read: what the table map alone may not say.
struct ColumnUse {
  std::int32_t slot = -1;
  ColumnType type{};
  Signedness sign = Signedness::unknown;
  charset::TextCoding coding = charset::TextCoding::unknown;
};

struct RowLayout {
  std::vector<Codec> codecs;              ///< One a wire column.
  std::vector<std::size_t> json_columns;  ///< Wire columns of type JSON, in order: a partial update has a bit for each.
  std::size_t slot_count = 0;             ///< Columns of a decoded row.

  /// `uses` has one entry a column of `map`. Throws Error(column_unsupported) naming table and column
  /// when a type cannot be decoded (even stepping over needs its width).
  static RowLayout compile(const TableMap& map, const std::vector<ColumnUse>& uses);
};

/// The column type that a table map alone implies.
ColumnType column_type_of(const WireColumn& column) noexcept;

}  // namespace cdc::binlog
