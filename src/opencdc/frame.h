#pragma once

/// Length-delimited protobuf messages written forward: the content first, behind a gap as wide as its head was last time, and
/// then the head, with its exact length. When the head has another width, the content moves; a large one's width is known
/// from its bound, so that only short contents move.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "avro_bytes.h"

namespace cdc::opencdc {

/// Contents bounded by more are not to be moved.
inline constexpr std::size_t movable_bytes_max = std::size_t{16} << 10;

/// Width of one kind of head, from one record to the next.
class HeadWidth {
 public:
  /// What to leave free in front of a content of at most `size_max` bytes; `depth` heads around each other.
  std::size_t gap(std::size_t size_max, unsigned depth) const noexcept {
    return size_max <= movable_bytes_max ? last_ : depth * (1 + varint_size(size_max));
  }
  void set(std::size_t width) noexcept { last_ = static_cast<std::uint8_t>(width); }

 private:
  std::uint8_t last_ = 2;
};

/// Puts the content at [at + gap, end) where a head of `width` bytes leaves it; returns its end.
inline char* settle(char* at, std::size_t gap, std::size_t width, char* end) noexcept {
  const auto size = static_cast<std::size_t>(end - at) - gap;
  if (width != gap) std::memmove(at + width, at + gap, size);
  return at + width + size;
}

/// Closes the message with `tag` whose content is [at + gap, end). Returns its end.
inline char* close_message(char* at, std::size_t gap, char* end, char tag, HeadWidth& head) noexcept {
  const auto size = static_cast<std::size_t>(end - at) - gap;
  const std::size_t width = 1 + varint_size(size);
  char* const settled = settle(at, gap, width, end);
  *at = tag;
  write_varint(at + 1, size);
  head.set(width);
  return settled;
}

/// The same with a message around it that has nothing else: `outer` { `inner` { content } }.
inline char* close_nested(char* at, std::size_t gap, char* end, char outer, char inner, HeadWidth& head) noexcept {
  const auto size = static_cast<std::size_t>(end - at) - gap;
  if (size <= 125 && gap == 4) {  // all lengths take one byte, as they did last time
    const char bytes[4] = {outer, static_cast<char>(size + 2), inner, static_cast<char>(size)};
    std::memcpy(at, bytes, sizeof bytes);
    return end;
  }
  const std::size_t inner_width = 1 + varint_size(size), outer_size = inner_width + size;
  const std::size_t width = 1 + varint_size(outer_size) + inner_width;
  char* const settled = settle(at, gap, width, end);
  *at = outer;
  char* const within = write_varint(at + 1, outer_size);
  *within = inner;
  write_varint(within + 1, size);
  head.set(width);
  return settled;
}

}  // namespace cdc::opencdc
