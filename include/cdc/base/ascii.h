#pragma once

/// Whether bytes are ASCII: the question asked of every text value, so it is inline.

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace cdc {

namespace detail {
template <class Word>
Word load_word(const char* at) noexcept {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}
}  // namespace detail

/// Reads inside [data, data + size) only: short texts by two overlapping words, long ones 16 bytes at a time.
inline bool is_ascii(const char* data, std::size_t size_bytes) noexcept {
  using detail::load_word;
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  if (size_bytes >= 16) {
#ifdef __SSE2__
    const auto load = [](const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); };
    __m128i seen = load(data + size_bytes - 16);
    for (std::size_t i = 0; i + 16 < size_bytes; i += 16) seen = _mm_or_si128(seen, load(data + i));
    return _mm_movemask_epi8(seen) == 0;
#else
    std::uint64_t seen = load_word<std::uint64_t>(data + size_bytes - 8);
    for (std::size_t i = 0; i + 8 < size_bytes; i += 8) seen |= load_word<std::uint64_t>(data + i);
    return (seen & high_bits) == 0;
#endif
  }
  if (size_bytes >= 8) return ((load_word<std::uint64_t>(data) | load_word<std::uint64_t>(data + size_bytes - 8)) & high_bits) == 0;
  if (size_bytes >= 4) return ((load_word<std::uint32_t>(data) | load_word<std::uint32_t>(data + size_bytes - 4)) & 0x80808080U) == 0;
  if (size_bytes == 0) return true;
  return ((data[0] | data[size_bytes / 2] | data[size_bytes - 1]) & 0x80) == 0;
}

}  // namespace cdc
