#include "cdc/base/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <bit>
#include <cstdint>
#include <cstring>

namespace cdc {
namespace {

using Bytes = const unsigned char*;

std::uint32_t load32(Bytes at) noexcept {
  std::uint32_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

/// The first byte that is not ASCII, or the end.
Bytes skip_ascii(Bytes at, Bytes end) noexcept {
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const auto high_bits = static_cast<unsigned>(_mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))));
    if (high_bits != 0) return at + std::countr_zero(high_bits);
  }
#endif
  for (; end - at >= 8; at += 8) {
    std::uint64_t block;
    std::memcpy(&block, at, sizeof block);
    block &= 0x8080808080808080U;
    if (block != 0) return at + std::countr_zero(block) / 8;
  }
  while (at != end && *at < 0x80) ++at;
  return at;
}

/// Size of the well-formed character of several bytes at `at`, of which four can be read; 0 when it
/// is not one. Table 3-7 of the Unicode standard: only the second byte's range depends on the first.
std::size_t multibyte_size(Bytes at) noexcept {
  const std::uint32_t word = load32(at);  // first byte lowest
  if ((word & 0xc0e0) == 0x80c0) return at[0] >= 0xc2 ? 2 : 0;
  const unsigned start = unsigned{at[0]} << 8 | at[1];
  if ((word & 0xc0c0f0) == 0x8080e0) return start >= 0xe0a0 && (start < 0xeda0 || start >= 0xee80) ? 3 : 0;  // not overlong, no surrogate
  if ((word & 0xc0c0c0f8) == 0x808080f0) return start >= 0xf090 && start < 0xf490 ? 4 : 0;                   // U+10000 to U+10FFFF
  return 0;
}

/// The same where fewer than four bytes are left.
std::size_t last_multibyte_size(Bytes at, std::size_t left) noexcept {
  unsigned char padded[4] = {};
  std::memcpy(padded, at, left);
  const std::size_t size = multibyte_size(padded);
  return size <= left ? size : 0;
}

}  // namespace

bool is_valid_utf8(std::string_view text) noexcept {
  auto at = reinterpret_cast<Bytes>(text.data());
  const Bytes end = at + text.size();
  while ((at = skip_ascii(at, end)) != end) {
    do {
      const auto left = static_cast<std::size_t>(end - at);
      const std::size_t size = left >= 4 ? multibyte_size(at) : last_multibyte_size(at, left);
      if (size == 0) return false;
      at += size;
    } while (at != end && *at >= 0x80);
  }
  return true;
}

std::string replace_invalid_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = 1;
    while (size <= 4 && size <= text.size() && !is_valid_utf8(text.substr(0, size))) ++size;
    const bool valid = size <= 4 && size <= text.size();
    out += valid ? text.substr(0, size) : "\xef\xbf\xbd";
    text.remove_prefix(valid ? size : 1);
  }
  return out;
}

}  // namespace cdc
