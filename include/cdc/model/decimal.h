#pragma once

/// The servers' packed decimal (NEWDECIMAL) and its text.
///
/// Format: base-1e9 groups, big-endian, leftover digits first (integer part) and last (fraction)
/// in dig2bytes bytes; the first bit inverted; negative numbers have every bit inverted. Source:
/// the format notes of mysql-server strings/decimal.cc and MariaDB's copy.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "cdc/model/value.h"

namespace cdc {

inline constexpr unsigned decimal_precision_max = 65;
inline constexpr unsigned decimal_scale_max = 30;
/// Sign, 65 digits, point, leading zero.
inline constexpr std::size_t decimal_text_max_bytes = 68;

/// Size of the packed form; 0 when the shape is impossible (precision 0 or > 65, scale > 30 or > precision).
std::size_t decimal_size_bytes(unsigned precision, unsigned scale) noexcept;

/// Writes exactly what the server prints: `-0.50`, `7`, scale digits always. Returns the end, or
/// nullptr when the size is not that of a possible shape or a group is out of range: bytes that no
/// server writes. Needs decimal_text_max_bytes.
char* write_decimal(char* out, std::span<const std::byte> packed, unsigned precision, unsigned scale) noexcept;

/// The packed form of what the server prints: as many digits behind the point as `scale`, leading zeros (ZEROFILL) or not. False when the
/// text is not like that or has more digits. Needs decimal_size_bytes(precision, scale) at `out`.
bool pack_decimal(std::byte* out, std::string_view text, unsigned precision, unsigned scale) noexcept;

/// As write_decimal, of a decimal inside JSON, where MySQL rounds the integer part up to whole groups and counts it in the
/// precision: up to 81. Needs json_decimal_text_max_bytes.
inline constexpr std::size_t json_decimal_text_max_bytes = 84;
char* write_json_decimal(char* out, std::span<const std::byte> packed, unsigned precision, unsigned scale) noexcept;

}  // namespace cdc
