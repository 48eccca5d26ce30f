#pragma once

/// Avro's binary encoding, as far as records need it. Format: the Avro specification 1.11, "Binary Encoding".

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cdc/base/copy.h"

namespace cdc::opencdc {

inline constexpr std::size_t varint_max_bytes = 10;

/// Seven bits a byte, lowest first. Protobuf's too.
inline char* write_varint(char* out, std::uint64_t value) noexcept {
  while (value >= 0x80) {
    *out++ = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  *out++ = static_cast<char>(value);
  return out;
}

constexpr std::size_t varint_size(std::uint64_t value) noexcept { return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7; }

/// int and long: zigzag, so that small negative numbers are short.
inline char* write_avro_long(char* out, std::int64_t value) noexcept {
  return write_varint(out, static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
}

/// A length, an index of a union's branch, a count.
inline char* write_avro_size(char* out, std::size_t size) noexcept { return write_varint(out, std::uint64_t{size} << 1); }

/// string and bytes.
inline char* write_avro_bytes(char* out, std::string_view bytes) noexcept {
  return copy_short(write_avro_size(out, bytes.size()), bytes.data(), bytes.size());
}

}  // namespace cdc::opencdc
