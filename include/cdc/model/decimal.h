#pragma once

/// The servers' packed decimal (NEWDECIMAL) and its text.
///
/// Format: base-1e9 groups, big-endian, leftover digits first (integer part) and last (fraction)
/// in dig2bytes bytes; the first bit inverted; negative numbers have every bit inverted. Source:
/// the format notes of mysql-server strings/decimal.cc and MariaDB's copy.

#include <cstddef>
#include <cstdint>
#include <span>

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

/// The same inside JSON, where MySQL rounds the integer part up to whole groups and counts it in the
/// precision: up to 81. Needs json_decimal_text_max_bytes.
inline constexpr std::size_t json_decimal_text_max_bytes = 84;
char* write_json_decimal(char* out, std::span<const std::byte> packed, unsigned precision, unsigned scale) noexcept;

}  // namespace cdc
