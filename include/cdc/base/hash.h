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

}  // namespace cdc
