#pragma once

/// Text of the values that every printer writes alike.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cdc/model/table_schema.h"
#include "cdc/model/value.h"

namespace cdc {

/// The server's default form, lower case: `6ccd780c-baba-1026-9564-5b8c656024db`.
inline constexpr std::size_t uuid_text_bytes = 36;
/// Writes nothing when the value is not 16 bytes.
char* write_uuid(char* out, const Value& value) noexcept;

inline constexpr std::size_t inet_text_max_bytes = 46;
/// `192.0.2.1` of 4 bytes, `2001:db8::1` of 16; writes nothing of other sizes.
char* write_inet(char* out, const Value& value) noexcept;

/// An integer with both its readings, `-1 (4294967295)`: the log did not tell which is meant.
inline constexpr std::size_t sign_unknown_text_max_bytes = 44;
char* write_sign_unknown(char* out, const Value& value) noexcept;

/// Of kind float32 or float64, shortest form; `nan`, `inf`, `-inf` too, which no server stores but damaged bytes may hold.
char* write_real(char* out, const Value& value) noexcept;

/// As write_decimal; needs decimal_text_max_bytes. Throws Error(value_malformed) naming the column.
char* write_decimal_text(char* out, const Value& value, const Column& column);
/// Throws what write_decimal_text would throw of any of the values: for who cannot take back what is written. One value a column, or none.
void require_decimals(const TableSchema& table, std::span<const Value> values);

/// Label of an enum value, empty for the error value 0; none when the labels are not known.
std::optional<std::string_view> enum_label(const Column& column, const Value& value) noexcept;
/// Whether every bit of a set value has a label.
bool set_labels_known(const Column& column, const Value& value) noexcept;
/// Labels of a set value, joined by commas. Needs set_labels_known.
std::string set_text(const Column& column, const Value& value);

/// Bytes of BIT(`bit_count`), big-endian, into 8 bytes at `out`; returns how many, ceil(bit_count/8).
std::size_t put_bits(char* out, unsigned bit_count, const Value& value) noexcept;

/// WKB with its SRID in PostGIS' extended form. The parts to be written one after the other; borrowed.
struct Ewkb {
  char head[9];  ///< Byte order, type with the SRID flag, SRID. Only when `head_size` is not 0.
  std::size_t head_size = 0;
  std::string_view rest;
};
Ewkb to_ewkb(const Value& geometry) noexcept;

/// The value at `index` in the image that says it: `first`, else `second`; absent when neither does.
inline Value present_value(std::span<const Value> first, std::span<const Value> second, std::size_t index) noexcept {
  if (index < first.size() && first[index].kind != ValueKind::absent) return first[index];
  return index < second.size() ? second[index] : Value{};
}

}  // namespace cdc
