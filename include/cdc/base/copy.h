#pragma once

/// Copies of short texts, where a call of memcpy costs more than the copy.

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cdc {

/// Reads and writes inside the given bytes only; short ones as two halves that may overlap. The ranges must not.
inline char* copy_short(char* out, const char* from, std::size_t size_bytes) noexcept {
  const auto halves = [&](auto half) {
    decltype(half) tail;
    std::memcpy(&half, from, sizeof half);
    std::memcpy(&tail, from + size_bytes - sizeof tail, sizeof tail);
    std::memcpy(out, &half, sizeof half);
    std::memcpy(out + size_bytes - sizeof tail, &tail, sizeof tail);
  };
  if (size_bytes > 16) {
    std::memcpy(out, from, size_bytes);
  } else if (size_bytes >= 8) {
    halves(std::uint64_t{});
  } else if (size_bytes >= 4) {
    halves(std::uint32_t{});
  } else {
    for (std::size_t i = 0; i < size_bytes; ++i) out[i] = from[i];
  }
  return out + size_bytes;
}

}  // namespace cdc
