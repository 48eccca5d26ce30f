#pragma once

/// Every value written as text, the way printers do it, into exactly the room that was promised.

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>

#include "cdc/base/numbers.h"
#include "cdc/base/utf8.h"
#include "cdc/binlog/row_layout.h"
#include "cdc/model/decimal.h"
#include "cdc/model/json.h"
#include "cdc/model/temporal.h"
#include "cdc/model/value.h"
#include "require.h"

namespace cdc {

/// Calls `write` with exactly `room_bytes`.
template <class Write>
void write_within(std::size_t room_bytes, Write write) {
  const auto room = std::make_unique<char[]>(room_bytes);
  const char* const end = write(room.get());
  require(end == nullptr || static_cast<std::size_t>(end - room.get()) <= room_bytes, "a text keeps to its room");
}

/// Reads every byte, so that the sanitizer sees those that are not there.
inline void touch(std::span<const std::byte> bytes) {
  static volatile unsigned sum;
  for (const std::byte b : bytes) sum = sum + std::to_integer<unsigned>(b);
}

inline void render(const Value& value) {
  switch (value.kind) {
    case ValueKind::absent:
    case ValueKind::null: return;
    case ValueKind::int64:
    case ValueKind::sign_unknown: return write_within(integer_text_max_bytes, [&](char* out) { return write_int(out, value.i64); });
    case ValueKind::uint64:
    case ValueKind::bits:
    case ValueKind::enum_index:
    case ValueKind::set_bits: return write_within(integer_text_max_bytes, [&](char* out) { return write_uint(out, value.u64); });
    case ValueKind::float32:
      if (!std::isfinite(value.f64)) return;
      return write_within(float_text_max_bytes, [&](char* out) { return write_float(out, static_cast<float>(value.f64)); });
    case ValueKind::float64:
      if (!std::isfinite(value.f64)) return;
      return write_within(float_text_max_bytes, [&](char* out) { return write_double(out, value.f64); });
    case ValueKind::decimal:
      return write_within(decimal_text_max_bytes,
                          [&](char* out) { return write_decimal(out, value.bytes(), value.precision, value.fraction_digits); });
    case ValueKind::date:
    case ValueKind::datetime:
    case ValueKind::timestamp:
    case ValueKind::time:
    case ValueKind::year: return write_within(temporal_text_max_bytes, [&](char* out) { return write_temporal(out, value); });
    case ValueKind::text: return require(is_valid_utf8(value.text()), "text is UTF-8");
    case ValueKind::uuid: require(value.size_bytes == 16, "a UUID has 16 bytes"); return touch(value.bytes());
    case ValueKind::inet:
      require(value.size_bytes == 4 || value.size_bytes == 16, "an address has 4 or 16 bytes");
      return touch(value.bytes());
    case ValueKind::json: {
      OutputBuffer out;
      static_cast<void>(append_json_text(out, value.bytes()));
      return;
    }
    case ValueKind::bytes:
    case ValueKind::geometry:
    case ValueKind::vector: return touch(value.bytes());
  }
}

}  // namespace cdc

namespace cdc::binlog {

/// Every column goes to the slot of its number, read with what the map alone says.
inline std::vector<ColumnUse> uses_of(const TableMap& map) {
  std::vector<ColumnUse> uses;
  for (const WireColumn& column : map.columns)
    uses.push_back({static_cast<std::int32_t>(uses.size()), column_type_of(column), column.sign,
                    charset::coding_of_collation(column.collation, map.mariadb)});
  return uses;
}

}  // namespace cdc::binlog
