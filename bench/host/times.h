#pragma once

/// Times of these tools: nanoseconds of a clock of the system, and files of them.

#include <time.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace cdc::bench {

inline constexpr std::int64_t second_ns = 1'000'000'000;

inline std::int64_t now_ns(clockid_t clock = CLOCK_MONOTONIC) noexcept {
  timespec now{};
  clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * second_ns + now.tv_nsec;
}

/// Writes 8 bytes each, little-endian. False when that failed.
inline bool write_times(const std::string& path, const std::vector<std::int64_t>& times) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool whole = std::fwrite(times.data(), sizeof times[0], times.size(), file) == times.size();
  return std::fclose(file) == 0 && whole;
}

}  // namespace cdc::bench
