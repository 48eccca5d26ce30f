#pragma once

/// The words of MySQL's binary JSON that its readers share.

#include <cstddef>
#include <cstdint>
#include <span>

#include "cdc/base/reader.h"

namespace cdc {

/// What a value is: the byte in front of a document, and in each entry of a container.
enum JsonType : std::uint8_t {
  small_object = 0,
  large_object = 1,
  small_array = 2,
  large_array = 3,
  literal = 4,
  int16 = 5,
  uint16 = 6,
  int32 = 7,
  uint32 = 8,
  int64 = 9,
  uint64 = 10,
  float64 = 11,
  utf8_string = 12,
  opaque = 15,
};

constexpr bool is_json_container(std::uint8_t type) noexcept { return type <= large_array; }

/// Whether a container's entry holds the value itself instead of its offset.
constexpr bool is_json_inlined(std::uint8_t type, bool large) noexcept {
  return (type >= literal && type <= uint16) || (large && (type == int32 || type == uint32));
}

/// Seven bits a byte, lowest first, at most five bytes.
inline std::uint64_t read_json_length(Reader& r) noexcept {
  std::uint64_t out = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    const std::uint8_t byte = r.u8();
    out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return out;
  }
  return r.fail(), 0;
}

}  // namespace cdc
