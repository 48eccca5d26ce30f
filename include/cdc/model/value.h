#pragma once

/// One column value as it travels from a decoder to a sink: a tagged view of 16 bytes.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace cdc {

/// What a value is. Absent, NULL, empty and zero are four things.
enum class ValueKind : std::uint8_t {
  absent,  ///< Not in this row image (binlog_row_image=MINIMAL): unknown, which is not NULL.
  null,
  int64,
  uint64,
  sign_unknown,  ///< An integer whose signedness was not logged and whose top bit is set: `i64` is the signed
                 ///< reading, `width_bytes` its width. Both readings are shown; neither is guessed.
  float32,       ///< `f64` holds it exactly.
  float64,
  decimal,  ///< `data`: the server's packed decimal, `precision` and `fraction_digits` say its shape (decimal.h).
  text,     ///< `data`: valid UTF-8, whatever the column's charset.
  bytes,
  date,        ///< `u64`: a packed Calendar (temporal.h), time part zero.
  datetime,    ///< `u64`: a packed Calendar.
  timestamp,   ///< `i64`: microseconds since 1970-01-01 UTC; 0 = the zero date.
  time,        ///< `i64`: microseconds, signed.
  year,        ///< `u64`: 0 = 0000, else 1901..2155.
  bits,        ///< `u64`: BIT(n).
  enum_index,  ///< `u64`: 1-based into Column::labels; 0 = the empty error value.
  set_bits,    ///< `u64`: bit i = Column::labels[i].
  json,        ///< `data`: MySQL's binary JSON (json.h); no bytes = JSON null. (MariaDB's JSON is `text`.)
  geometry,    ///< `data`: 4-byte little-endian SRID, then WKB.
  vector,      ///< `data`: little-endian float32s.
  uuid,        ///< `data`: 16 bytes in text order.
  inet,        ///< `data`: 4 or 16 bytes, network order.
};

/// What a reader of the value must be told.
enum class ValueMark : std::uint8_t {
  none,
  invalid_text,     ///< `bytes` of a text column: not valid in the column's charset.
  unknown_charset,  ///< The log does not say the charset; shown as UTF-8 where valid.
  json_diff,        ///< Of kind json: no document but a list of changes to one that the image lacks (json_diff.h).
};

/// Trivially copyable; never owns. `data` lives as long as the producer's call into the sink.
struct Value {
  ValueKind kind = ValueKind::absent;
  std::uint8_t precision = 0;        ///< Of a decimal; width in bytes of a sign_unknown.
  std::uint8_t fraction_digits = 0;  ///< Scale of a decimal; fractional-second digits of a temporal.
  ValueMark mark = ValueMark::none;
  std::uint32_t size_bytes = 0;  ///< Of `data`.
  union {
    std::int64_t i64 = 0;
    std::uint64_t u64;
    double f64;
    const std::byte* data;
  };

  std::span<const std::byte> bytes() const noexcept { return {data, size_bytes}; }
  std::string_view text() const noexcept { return {reinterpret_cast<const char*>(data), size_bytes}; }
};
static_assert(sizeof(Value) == 16 && std::is_trivially_copyable_v<Value>);

/// Whether `data` is the active member.
constexpr bool holds_data(ValueKind kind) noexcept {
  switch (kind) {
    case ValueKind::decimal:
    case ValueKind::text:
    case ValueKind::bytes:
    case ValueKind::json:
    case ValueKind::geometry:
    case ValueKind::vector:
    case ValueKind::uuid:
    case ValueKind::inet: return true;
    case ValueKind::absent:
    case ValueKind::null:
    case ValueKind::int64:
    case ValueKind::uint64:
    case ValueKind::sign_unknown:
    case ValueKind::float32:
    case ValueKind::float64:
    case ValueKind::date:
    case ValueKind::datetime:
    case ValueKind::timestamp:
    case ValueKind::time:
    case ValueKind::year:
    case ValueKind::bits:
    case ValueKind::enum_index:
    case ValueKind::set_bits: return false;
  }
  return false;
}

/// Kind and borrowed bytes; the mark stays.
inline void set_data(Value& out, ValueKind kind, std::string_view data) noexcept {
  out.kind = kind;
  out.data = reinterpret_cast<const std::byte*>(data.data());
  out.size_bytes = static_cast<std::uint32_t>(data.size());
}

/// The same kind and the same bits (so -0.0 differs from 0.0). Two absent values are equal.
inline bool same_value(const Value& a, const Value& b) noexcept {
  if (a.kind != b.kind) return false;
  if (a.kind == ValueKind::absent || a.kind == ValueKind::null) return true;
  if (!holds_data(a.kind)) return a.u64 == b.u64;
  return a.size_bytes == b.size_bytes && (a.size_bytes == 0 || std::memcmp(a.data, b.data, a.size_bytes) == 0);
}

}  // namespace cdc
