#include "cdc/model/decimal.h"

#include "cdc/base/numbers.h"

namespace cdc {
namespace {

constexpr unsigned group_digits = 9;
constexpr unsigned group_bytes = 4;
constexpr std::uint8_t leftover_bytes[group_digits] = {0, 1, 1, 2, 2, 3, 3, 4, 4};
constexpr std::uint32_t powers_of_ten[group_digits + 1] = {1,       10,        100,        1'000,       10'000,
                                                           100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

/// Big-endian groups with the sign's inversion undone.
class Groups {
 public:
  explicit Groups(const std::byte* packed) noexcept : at_{packed}, flip_{negative_first(packed) ? 0xffU : 0U}, first_flip_{0x80} {}
  bool negative() const noexcept { return flip_ != 0; }

  /// The next group of `digits` digits, 1..9. False when it is out of range.
  bool next(unsigned digits, std::uint32_t& value) noexcept {
    const unsigned width = digits == group_digits ? group_bytes : leftover_bytes[digits];
    value = 0;
    for (unsigned i = 0; i < width; ++i) {
      value = value << 8 | ((std::to_integer<std::uint32_t>(*at_++) ^ flip_ ^ first_flip_) & 0xff);
      first_flip_ = 0;
    }
    return value < powers_of_ten[digits];
  }

 private:
  static bool negative_first(const std::byte* packed) noexcept { return (packed[0] & std::byte{0x80}) == std::byte{0}; }

  const std::byte* at_;
  std::uint32_t flip_, first_flip_;
};

}  // namespace

std::size_t decimal_size_bytes(unsigned precision, unsigned scale) noexcept {
  if (precision == 0 || precision > decimal_precision_max || scale > decimal_scale_max || scale > precision) return 0;
  const auto part = [](unsigned digits) { return digits / group_digits * group_bytes + leftover_bytes[digits % group_digits]; };
  return part(precision - scale) + part(scale);
}

char* write_decimal(char* out, std::span<const std::byte> packed, unsigned precision, unsigned scale) noexcept {
  const std::size_t size_bytes = decimal_size_bytes(precision, scale);
  if (size_bytes == 0 || packed.size() != size_bytes) return nullptr;
  Groups groups{packed.data()};
  if (groups.negative()) *out++ = '-';
  bool started = false;
  const unsigned whole = precision - scale;
  for (unsigned left = whole; left != 0;) {
    const unsigned digits = left % group_digits != 0 ? left % group_digits : group_digits;
    left -= digits;
    std::uint32_t value = 0;
    if (!groups.next(digits, value)) return nullptr;
    if (started) {
      out = write_padded(out, value, group_digits);
    } else if (value != 0) {
      out = write_uint(out, value);
      started = true;
    }
  }
  if (!started) *out++ = '0';
  if (scale != 0) *out++ = '.';
  for (unsigned left = scale; left != 0;) {
    const unsigned digits = left < group_digits ? left : group_digits;
    left -= digits;
    std::uint32_t value = 0;
    if (!groups.next(digits, value)) return nullptr;
    out = write_padded(out, value, digits);
  }
  return out;
}

}  // namespace cdc
