#pragma once

/// One code point as UTF-8.

#include <cstdint>

namespace cdc::charset {

/// `c` is a Unicode scalar value; writes up to four bytes and returns the end.
inline char* write_code_point(char* out, std::uint32_t c) noexcept {
  const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) return put(c), out;
  if (c < 0x800) return put(0xC0 | c >> 6), put(0x80 | (c & 0x3F)), out;
  if (c < 0x10000) return put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F)), out;
  return put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F)), out;
}

}  // namespace cdc::charset
