#pragma once

/// Events in tests: taken apart as the program does, and cut at every byte.

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "cdc/binlog/event.h"
#include "exact_bytes.h"

namespace cdc::binlog {

/// Hex digits; blanks between them are ignored.
inline std::vector<std::byte> from_hex(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::vector<std::byte> out;
  bool half = false;
  for (const char c : text) {
    if (c == ' ') continue;
    const std::size_t value = digits.find(c);
    if (value == std::string_view::npos) throw std::invalid_argument{"no hex digit in test bytes"};
    if (half) {
      out.back() = static_cast<std::byte>(std::to_integer<std::size_t>(out.back()) << 4 | value);
    } else {
      out.push_back(static_cast<std::byte>(value));
    }
    half = !half;
  }
  if (half) throw std::invalid_argument{"odd number of hex digits in test bytes"};
  return out;
}

/// A whole event with its CRC32.
struct TestEvent {
  explicit TestEvent(std::string_view hex) : bytes{from_hex(hex)} {
    Reader r{bytes};
    header = EventHeader::parse(r);
    body_bytes.assign(bytes.begin() + EventHeader::wire_size_bytes, bytes.end() - checksum_size_bytes);
  }
  Reader body() const { return event_body(bytes, ChecksumAlgorithm::crc32); }

  std::vector<std::byte> bytes;
  EventHeader header{};
  std::vector<std::byte> body_bytes;
};

using Sizes = std::vector<std::size_t>;

/// Runs `accepts(Reader)` over every prefix of `body`, the whole, and the whole with a zero byte behind
/// it, each in a heap block of its own; the sizes that were accepted.
template <class Accepts>
Sizes accepted_sizes(std::span<const std::byte> body, Accepts&& accepts) {
  std::vector<std::byte> longer{body.begin(), body.end()};
  longer.push_back(std::byte{0});
  Sizes out;
  for (std::size_t size = 0; size <= longer.size(); ++size) {
    const ExactBytes cut{std::span<const std::byte>{longer}.first(size)};
    if (accepts(Reader{cut})) out.push_back(size);
  }
  return out;
}

/// first, first + 1, …, last.
inline Sizes sizes(std::size_t first, std::size_t last) {
  Sizes out;
  for (std::size_t size = first; size <= last; ++size) out.push_back(size);
  return out;
}

}  // namespace cdc::binlog
