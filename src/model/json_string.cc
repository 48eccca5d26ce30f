#include "json_string.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <array>
#include <bit>
#include <cstring>

namespace cdc {
namespace {

/// What a byte becomes, up to six characters, and last how many. Copied whole, then cut.
using Escape = std::array<char, 8>;

constexpr auto escapes = [] {
  constexpr char digits[] = "0123456789abcdef";
  std::array<Escape, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    table[c] =
        c < 0x20 ? Escape{'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15], 0, 6} : Escape{static_cast<char>(c), 0, 0, 0, 0, 0, 0, 1};
  }
  constexpr std::string_view bytes = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
  for (std::size_t i = 0; i < bytes.size(); ++i) table[static_cast<unsigned char>(bytes[i])] = {'\\', letters[i], 0, 0, 0, 0, 0, 2};
  return table;
}();

char* write_one(char* out, char c) noexcept {
  const Escape& escape = escapes[static_cast<unsigned char>(c)];
  std::memcpy(out, escape.data(), escape.size());
  return out + escape.back();
}

}  // namespace

EscapedText write_json_escaped(char* out, std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  unsigned high_bits = 0;
#ifdef __SSE2__
  while (end - at >= 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), block);
    high_bits |= static_cast<unsigned>(_mm_movemask_epi8(block));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
    const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    const __m128i backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
    const auto special = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash))));
    if (special == 0) {
      at += 16, out += 16;
      continue;
    }
    const auto plain = std::countr_zero(special);
    out = write_one(out + plain, at[plain]);
    at += plain + 1;
  }
#endif
  for (; at != end; ++at) {
    high_bits |= static_cast<unsigned char>(*at) & 0x80U;
    out = write_one(out, *at);
  }
  return {out, high_bits == 0};
}

void append_json_string(std::string& out, std::string_view text) {
  const std::size_t begin = out.size() + 1;
  out.resize(begin + json_escaped_room_bytes(text.size()));
  out[begin - 1] = '"';
  out.resize(static_cast<std::size_t>(write_json_escaped(out.data() + begin, text).end - out.data()));
  out += '"';
}

}  // namespace cdc
