#include "cdc/binlog/inflater.h"

#include <libdeflate.h>

#include <new>

#include "cdc/base/reader.h"

namespace cdc::binlog {
namespace {

/// Memory beyond this is given back at the next body that does not need it.
constexpr std::size_t kept_bytes = std::size_t{1} << 20;

}  // namespace

void Inflater::Free::operator()(libdeflate_decompressor* d) const noexcept { libdeflate_free_decompressor(d); }

Inflater::Inflater() : decompressor_{libdeflate_alloc_decompressor()} {
  if (decompressor_ == nullptr) throw std::bad_alloc{};
}

std::span<std::byte> Inflater::room(std::size_t size_bytes) {
  const bool oversized = capacity_bytes_ > kept_bytes && size_bytes <= kept_bytes;
  if (size_bytes > capacity_bytes_ || oversized) {
    plain_.reset();
    plain_.reset(new std::byte[size_bytes]);
    capacity_bytes_ = size_bytes;
  }
  return {plain_.get(), size_bytes};
}

std::optional<std::span<const std::byte>> Inflater::inflate(std::span<const std::byte> packed) {
  Reader r{packed};
  const std::uint8_t head = r.u8();
  const std::size_t width_bytes = head & 7U;
  if ((head & 0xf8) != 0x80 || width_bytes < 1 || width_bytes > 4) return std::nullopt;
  const std::uint64_t plain_bytes = r.uint_be(width_bytes);
  const auto stream = r.rest();
  if (r.failed() || plain_bytes > inflated_max_bytes || plain_bytes / deflate_ratio_max > stream.size()) return std::nullopt;
  const auto plain = room(static_cast<std::size_t>(plain_bytes));
  std::size_t read_bytes = 0;
  const auto result =
      libdeflate_zlib_decompress_ex(decompressor_.get(), stream.data(), stream.size(), plain.data(), plain.size(), &read_bytes, nullptr);
  if (result != LIBDEFLATE_SUCCESS || read_bytes != stream.size()) return std::nullopt;
  return plain;
}

}  // namespace cdc::binlog
