#pragma once

/// A cursor over untrusted bytes: the one way this program reads what a server or a file sent.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace cdc {

/// Forward-only cursor over borrowed bytes; nothing is copied.
///
/// A read that does not fit returns 0 (or an empty view), latches `failed()` and jumps to the
/// end, so `while (r.remaining() != 0)` always stops. Decoders read a whole event straight
/// through and check once, at the event boundary.
/// Lifetime: every view returned lives as long as the span given to the constructor.
class Reader {
 public:
  Reader() = default;
  explicit constexpr Reader(std::span<const std::byte> data, std::size_t base_offset = 0) noexcept : data_{data}, base_{base_offset} {}
  /// A temporary that owns its bytes would be gone before the first read.
  template <class Owner>
  requires(!std::is_lvalue_reference_v<Owner> && !std::ranges::borrowed_range<Owner> &&
           std::is_convertible_v<Owner, std::span<const std::byte>>) explicit Reader(Owner&& gone, std::size_t base_offset = 0) = delete;

  /// Little-endian unsigned integer of `width_bytes`, 1..8: the wire has 3- and 6-byte ones.
  constexpr std::uint64_t uint_le(std::size_t width_bytes) noexcept {
    assert(width_bytes >= 1 && width_bytes <= 8);
    std::uint64_t value = 0;
    if (!std::is_constant_evaluated() && remaining() >= sizeof value) {  // the usual case: one load, the rest cut off
      std::memcpy(&value, data_.data() + cursor_, sizeof value);
      cursor_ += width_bytes;
      return value << (64 - 8 * width_bytes) >> (64 - 8 * width_bytes);
    }
    const auto field = take(width_bytes);
    for (std::size_t i = field.size(); i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(field[i]);
    return value;
  }
  /// Big-endian unsigned integer of `width_bytes`, 1..8.
  constexpr std::uint64_t uint_be(std::size_t width_bytes) noexcept {
    assert(width_bytes >= 1 && width_bytes <= 8);
    std::uint64_t value = 0;
    for (const std::byte b : take(width_bytes)) value = value << 8 | std::to_integer<std::uint64_t>(b);
    return value;
  }
  constexpr std::uint8_t u8() noexcept {
    if (cursor_ == data_.size()) return fail(), std::uint8_t{0};
    return std::to_integer<std::uint8_t>(data_[cursor_++]);
  }
  std::uint16_t u16() noexcept { return load<std::uint16_t>(); }
  constexpr std::uint32_t u24() noexcept { return static_cast<std::uint32_t>(uint_le(3)); }
  std::uint32_t u32() noexcept { return load<std::uint32_t>(); }
  constexpr std::uint64_t u48() noexcept { return uint_le(6); }
  std::uint64_t u64() noexcept { return load<std::uint64_t>(); }

  /// Length-encoded integer. 0xfb (NULL) and 0xff (error) are no lengths: both latch failure.
  constexpr std::uint64_t lenenc() noexcept {
    const std::uint8_t first = u8();
    if (first < 0xfb) return first;
    if (first == 0xfc) return uint_le(2);
    if (first == 0xfd) return uint_le(3);
    if (first == 0xfe) return uint_le(8);
    return fail(), 0;
  }

  /// The next bytes. `size_bytes` is untrusted: compared, never added, so it cannot overflow.
  constexpr std::span<const std::byte> take(std::uint64_t size_bytes) noexcept {
    if (size_bytes > remaining()) return fail(), std::span<const std::byte>{};
    const auto out = data_.subspan(cursor_, static_cast<std::size_t>(size_bytes));
    cursor_ += out.size();
    return out;
  }
  /// The next bytes seen as characters, in whatever charset they are.
  std::string_view text(std::uint64_t size_bytes) noexcept {
    const auto bytes = take(size_bytes);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  /// A reader over just the next bytes: one for each TLV field, so that an unknown field is
  /// stepped over and a bad one cannot read into its neighbour.
  constexpr Reader sub(std::uint64_t size_bytes) noexcept {
    const std::size_t at = offset();
    const bool fits = size_bytes <= remaining();
    Reader out{take(size_bytes), at};
    if (!fits) out.fail();
    return out;
  }

  constexpr std::size_t remaining() const noexcept { return data_.size() - cursor_; }
  constexpr std::size_t offset() const noexcept { return base_ + cursor_; }
  /// The bytes not read yet.
  constexpr std::span<const std::byte> rest() const noexcept { return data_.subspan(cursor_); }
  constexpr bool failed() const noexcept { return failed_; }
  constexpr std::size_t failed_at() const noexcept { return failed_at_; }  ///< Of the first failure.
  /// Also for the caller, on a value that is out of range.
  constexpr void fail() noexcept {
    if (!failed_) failed_ = true, failed_at_ = offset();
    cursor_ = data_.size();
  }

 private:
  template <class Int>
  Int load() noexcept {
    if (remaining() < sizeof(Int)) return fail(), Int{0};
    Int value;
    std::memcpy(&value, data_.data() + cursor_, sizeof value);  // little-endian hosts only; checked in the build
    cursor_ += sizeof value;
    return value;
  }

  std::span<const std::byte> data_;
  std::size_t cursor_ = 0, base_ = 0, failed_at_ = 0;
  bool failed_ = false;
};

}  // namespace cdc
