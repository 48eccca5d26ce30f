#pragma once

/// One value from its wire form: the fixed-width ones inline, the rest in string_codec.cc.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "cdc/base/arena.h"
#include "cdc/binlog/row_layout.h"
#include "cdc/model/temporal.h"
#include "cdc/model/value.h"

namespace cdc::binlog {

/// Raw cursor of the row loop. Unlike Reader it latches nothing: the caller asks `has` first, once for all the
/// bytes of a value. Only two pointers, so that the compiler can keep it in registers.
struct Bytes {
  const std::byte* at;
  const std::byte* end;

  bool has(std::size_t size_bytes) const noexcept { return static_cast<std::size_t>(end - at) >= size_bytes; }
  template <class Int>
  Int load() noexcept {
    Int value;
    std::memcpy(&value, at, sizeof value);
    at += sizeof value;
    return value;
  }
  std::uint64_t uint_le(std::size_t width_bytes) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = width_bytes; i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(at[i]);
    at += width_bytes;
    return value;
  }
  std::uint64_t uint_be(std::size_t width_bytes) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width_bytes; ++i) value = value << 8 | std::to_integer<std::uint64_t>(at[i]);
    at += width_bytes;
    return value;
  }
};

/// Where the value ends; nullptr when its bytes do not fit or are out of range. `in` goes by value, so that the row
/// loop's own cursor never has its address taken.
const std::byte* decode_temporal(const Codec& codec, Bytes in, Value& out) noexcept;
const std::byte* decode_string(const Codec& codec, Bytes in, Arena& scratch, Value& out);

}  // namespace cdc::binlog
