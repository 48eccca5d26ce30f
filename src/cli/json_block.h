#pragma once

/// Sixteen bytes of text at a time: does any of them need an escape in JSON?

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace cdc::cli {

inline constexpr std::ptrdiff_t json_block_bytes = 16;

#ifdef __SSE2__

using JsonBlock = __m128i;
inline JsonBlock load_block(const char* from) noexcept { return _mm_loadu_si128(reinterpret_cast<const JsonBlock*>(from)); }
inline JsonBlock make_block(std::uint64_t low, std::uint64_t high) noexcept {
  return _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
}
inline void store_block(char* to, JsonBlock block) noexcept { _mm_storeu_si128(reinterpret_cast<JsonBlock*>(to), block); }
/// A bit a byte: control characters, `"`, `\`, `<`, `>`, `&`, and 0xe2, which may begin U+2028. One comparison
/// finds both `"` and `&`, one both `<` and `>`: they differ in one bit.
inline unsigned specials_in(JsonBlock block) noexcept {
  const auto equal = [](JsonBlock a, char b) { return _mm_cmpeq_epi8(a, _mm_set1_epi8(b)); };
  const JsonBlock control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
  const JsonBlock quote_amp = equal(_mm_and_si128(block, _mm_set1_epi8(~4)), '"');
  const JsonBlock angles = equal(_mm_and_si128(block, _mm_set1_epi8(~2)), '<');
  const JsonBlock others = _mm_or_si128(equal(block, '\\'), equal(block, '\xe2'));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(control, quote_amp), _mm_or_si128(angles, others))));
}

#else

using JsonBlock = std::array<char, json_block_bytes>;
inline JsonBlock load_block(const char* from) noexcept {
  JsonBlock block;
  std::memcpy(block.data(), from, block.size());
  return block;
}
inline JsonBlock make_block(std::uint64_t low, std::uint64_t high) noexcept {
  JsonBlock block;
  std::memcpy(block.data(), &low, sizeof low);
  std::memcpy(block.data() + sizeof low, &high, sizeof high);
  return block;
}
inline void store_block(char* to, const JsonBlock& block) noexcept { std::memcpy(to, block.data(), block.size()); }
inline unsigned specials_in(const JsonBlock& block) noexcept {
  unsigned bits = 0;  // no branches: the compiler takes many bytes at once
  for (std::size_t i = 0; i < block.size(); ++i) {
    const char c = block[i];
    const bool special = static_cast<unsigned char>(c) < 0x20 || (c & ~4) == '"' || (c & ~2) == '<' || c == '\\' || c == '\xe2';
    bits |= static_cast<unsigned>(special) << i;
  }
  return bits;
}

#endif

inline bool is_clean(const JsonBlock& block) noexcept { return specials_in(block) == 0; }

/// Fewer than 16 bytes that need no escape, as their two halves, which may overlap: looked at together,
/// copied without a loop. Nothing written and nullptr when one needs an escape.
template <class Half>
char* write_clean_halves(char* out, const char* text, std::size_t size) noexcept {
  Half head, tail;
  std::memcpy(&head, text, sizeof head);
  std::memcpy(&tail, text + size - sizeof tail, sizeof tail);
  const std::uint64_t both = sizeof(Half) == 8 ? head : std::uint64_t{head} | std::uint64_t{tail} << 32;
  if (!is_clean(make_block(both, sizeof(Half) == 8 ? tail : both))) return nullptr;
  std::memcpy(out, &head, sizeof head);
  std::memcpy(out + size - sizeof tail, &tail, sizeof tail);
  return out + size;
}

/// 0 to 15 bytes. Nothing written and nullptr when one needs an escape.
inline char* write_clean_short(char* out, const char* text, std::size_t size) noexcept {
  if (size >= 8) return write_clean_halves<std::uint64_t>(out, text, size);
  if (size >= 4) return write_clean_halves<std::uint32_t>(out, text, size);
  if (size == 0) return out;
  constexpr std::uint64_t filler = 0x6161616161000000;
  const auto byte = [&](std::size_t at) { return std::uint64_t{static_cast<unsigned char>(text[at])}; };
  const std::uint64_t bytes = filler | byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
  if (!is_clean(make_block(bytes, bytes))) return nullptr;
  out[0] = text[0];
  out[size / 2] = text[size / 2];
  out[size - 1] = text[size - 1];
  return out + size;
}

}  // namespace cdc::cli
