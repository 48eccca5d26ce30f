#pragma once

/// MariaDB's compressed bodies: the SQL of QUERY_COMPRESSED (165) and the rows of 166–171.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

struct libdeflate_decompressor;

namespace cdc::binlog {

/// Largest body that one event may unfold to: the largest event a server sends.
inline constexpr std::uint64_t inflated_max_bytes = std::uint64_t{1} << 30;
/// DEFLATE makes at most 258 bytes of two bits. A claim beyond is corrupt and gets no memory.
inline constexpr std::uint64_t deflate_ratio_max = 1032;

/// Unfolds one body at a time into memory it keeps. Not thread-safe.
class Inflater {
 public:
  Inflater();

  /// `packed`: one byte `1aaa0lll` (a: algorithm, 0 = zlib; l: 1..4), the plain size in l bytes, big
  /// endian, a zlib stream. Null when malformed or beyond the limits. Valid until the next call.
  std::optional<std::span<const std::byte>> inflate(std::span<const std::byte> packed);

 private:
  struct Free {
    void operator()(libdeflate_decompressor* d) const noexcept;
  };

  std::span<std::byte> room(std::size_t size_bytes);

  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
  std::unique_ptr<std::byte[]> plain_;
  std::size_t capacity_bytes_ = 0;
};

}  // namespace cdc::binlog
