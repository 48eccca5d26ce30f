#include "cdc/base/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <cstdint>
#include <cstring>

namespace cdc {
namespace {

/// Skips ASCII, 16 bytes at a time; stops at or a little before the first other byte.
const unsigned char* skip_ascii(const unsigned char* at, const unsigned char* end) noexcept {
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    if (_mm_movemask_epi8(block) != 0) break;
  }
#endif
  for (; end - at >= 8; at += 8) {
    std::uint64_t block;
    std::memcpy(&block, at, sizeof block);
    if ((block & 0x8080808080808080U) != 0) break;
  }
  while (at != end && *at < 0x80) ++at;
  return at;
}

bool continues(unsigned char byte) noexcept { return (byte & 0xc0) == 0x80; }

/// Length of the well-formed multi-byte character at `at`; 0 when there is none.
/// Table 3-7 of the Unicode standard: only the second byte's range depends on the first.
std::size_t multibyte_length(const unsigned char* at, const unsigned char* end) noexcept {
  const auto left = end - at;
  const unsigned char lead = at[0];
  if (lead < 0xc2 || left < 2) return 0;
  if (lead < 0xe0) return continues(at[1]) ? 2 : 0;
  if (left < 3 || !continues(at[1]) || !continues(at[2])) return 0;
  if (lead < 0xf0) {
    if (lead == 0xe0 && at[1] < 0xa0) return 0;  // overlong
    if (lead == 0xed && at[1] > 0x9f) return 0;  // surrogate
    return 3;
  }
  if (left < 4 || !continues(at[3])) return 0;
  if (lead == 0xf0 && at[1] < 0x90) return 0;  // overlong
  if (lead == 0xf4 && at[1] > 0x8f) return 0;  // beyond U+10FFFF
  return lead <= 0xf4 ? 4 : 0;
}

}  // namespace

bool is_valid_utf8(std::string_view text) noexcept {
  auto at = reinterpret_cast<const unsigned char*>(text.data());
  const unsigned char* const end = at + text.size();
  for (at = skip_ascii(at, end); at != end; at = skip_ascii(at, end)) {
    do {
      const std::size_t length = multibyte_length(at, end);
      if (length == 0) return false;
      at += length;
    } while (at != end && *at >= 0x80);
  }
  return true;
}

}  // namespace cdc
