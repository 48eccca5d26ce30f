#pragma once

/// A hash that is the same in every run and on every machine. Not for secrets, and not against who chooses the text.

#include <cstdint>
#include <string_view>

namespace cdc {

/// FNV-1a, 32 bits.
constexpr std::uint32_t fnv1a(std::string_view text) noexcept {
  std::uint32_t hash = 2'166'136'261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  return hash;
}

/// FNV-1a, 64 bits. Stored: never to be changed.
inline constexpr std::uint64_t fnv1a_64_start = 0xcbf29ce484222325;

/// Goes on from `state`, so that parts hash as their concatenation does.
constexpr std::uint64_t fnv1a_64(std::string_view bytes, std::uint64_t state = fnv1a_64_start) noexcept {
  for (const char c : bytes) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return state;
}

}  // namespace cdc
