#include "cdc/model/decimal.h"

#include <cstring>

#include "cdc/base/numbers.h"

namespace cdc {
namespace {

constexpr unsigned group_digits = 9;
constexpr unsigned group_bytes = 4;
constexpr unsigned json_decimal_precision_max = 81;
constexpr std::uint8_t leftover_bytes[group_digits] = {0, 1, 1, 2, 2, 3, 3, 4, 4};
constexpr std::uint32_t powers_of_ten[group_digits + 1] = {1,       10,        100,        1'000,       10'000,
                                                           100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

constexpr std::size_t packed_bytes(unsigned digits) noexcept {
  return digits / group_digits * group_bytes + leftover_bytes[digits % group_digits];
}

std::uint32_t load_be32(const std::byte* at) noexcept {
  std::uint32_t value;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap32(value);
}

/// Of 1..4 bytes.
std::uint32_t load_be(const std::byte* at, unsigned width) noexcept {
  const auto byte = [&](unsigned i) { return std::to_integer<std::uint32_t>(at[i]); };
  switch (width) {
    case 1: return byte(0);
    case 2: return byte(0) << 8 | byte(1);
    case 3: return byte(0) << 16 | byte(1) << 8 | byte(2);
    default: return load_be32(at);
  }
}

/// The groups of a packed decimal, inversions undone.
class Groups {
 public:
  explicit Groups(const std::byte* packed) noexcept : at_{packed}, flip_{(packed[0] & sign_bit) == std::byte{0} ? ~0U : 0U} {}
  bool negative() const noexcept { return flip_ != 0; }
  /// False when a group so far was beyond its digits.
  bool in_range() const noexcept { return in_range_; }

  std::uint32_t whole() noexcept {
    const std::uint32_t value = load_be32(at_) ^ flip_ ^ first_;
    first_ = 0;
    at_ += group_bytes;
    return checked(value, group_digits);
  }
  /// Of 1..8 digits.
  std::uint32_t leftover(unsigned digits) noexcept {
    const unsigned width = leftover_bytes[digits];
    std::uint32_t value = load_be(at_, width);
    at_ += width;
    const unsigned unused_bits = 32 - 8 * width;
    value ^= (flip_ ^ first_) >> unused_bits;
    first_ = 0;
    return checked(value, digits);
  }

 private:
  /// 0 for a value of more digits: the text stays within its bound.
  std::uint32_t checked(std::uint32_t value, unsigned digits) noexcept {
    const bool fits = value < powers_of_ten[digits];
    in_range_ &= fits;
    return fits ? value : 0;
  }

  static constexpr std::byte sign_bit{0x80};

  const std::byte* at_;
  std::uint32_t flip_;
  std::uint32_t first_ = 0x80000000U;  ///< The first group's first bit is inverted.
  bool in_range_ = true;
};

/// The integer part without leading zeros; at least one digit.
char* write_whole(char* out, Groups& groups, unsigned digits) noexcept {
  std::uint32_t first = digits % group_digits == 0 ? 0 : groups.leftover(digits % group_digits);
  unsigned left = digits / group_digits;
  for (; first == 0 && left != 0; --left) first = groups.whole();
  out = write_uint(out, first);
  for (; left != 0; --left) out = write_padded(out, groups.whole(), group_digits);
  return out;
}

char* write_fraction(char* out, Groups& groups, unsigned digits) noexcept {
  for (; digits >= group_digits; digits -= group_digits) out = write_padded(out, groups.whole(), group_digits);
  if (digits == 0) return out;
  const std::uint32_t last = groups.leftover(digits);
  return write_padded(out, last, digits);
}

/// Shapes whose packed form fits into one word, as those of money do: at most 18 digits before the point and 8 behind it.
constexpr bool is_short(std::size_t size_bytes, unsigned whole_digits, unsigned scale) noexcept {
  return size_bytes >= group_bytes && size_bytes <= 2 * group_bytes && whole_digits <= 2 * group_digits && scale < group_digits;
}

constexpr std::uint64_t low_bits(std::size_t bytes) noexcept { return (std::uint64_t{1} << 8 * bytes) - 1; }

/// All groups at once. nullptr when one is out of range.
char* write_short(char* out, std::span<const std::byte> packed, unsigned whole_digits, unsigned scale) noexcept {
  const std::size_t behind_first = packed.size() - group_bytes;
  const std::uint64_t raw =
      std::uint64_t{load_be32(packed.data())} << 8 * behind_first | (load_be32(packed.data() + behind_first) & low_bits(behind_first));
  const std::uint64_t sign = std::uint64_t{1} << (8 * packed.size() - 1);
  const bool negative = (raw & sign) == 0;
  const std::uint64_t bits = negative ? ~raw & (sign - 1) : raw ^ sign;

  const std::size_t fraction_bytes = leftover_bytes[scale];
  const std::uint64_t whole_bits = bits >> 8 * fraction_bytes;
  const auto fraction = static_cast<std::uint32_t>(bits & low_bits(fraction_bytes));
  const bool two_groups = whole_digits > group_digits;
  const std::uint64_t first = two_groups ? whole_bits >> 32 : whole_bits, last = two_groups ? whole_bits & 0xffff'ffffU : 0;
  const unsigned first_digits = two_groups ? whole_digits - group_digits : whole_digits;
  if (first >= powers_of_ten[first_digits] || last >= powers_of_ten[group_digits] || fraction >= powers_of_ten[scale]) return nullptr;

  if (negative) *out++ = '-';
  out = write_uint(out, two_groups ? first * powers_of_ten[group_digits] + last : first);
  if (scale == 0) return out;
  *out++ = '.';
  return scale == 2 ? write_pair(out, fraction) : write_padded(out, fraction, scale);
}

char* write_digits(char* out, std::span<const std::byte> packed, unsigned precision, unsigned scale) noexcept {
  if (scale > decimal_scale_max || scale > precision) return nullptr;
  if (packed.empty() || packed.size() != packed_bytes(precision - scale) + packed_bytes(scale)) return nullptr;
  if (is_short(packed.size(), precision - scale, scale)) return write_short(out, packed, precision - scale, scale);
  Groups groups{packed.data()};
  if (groups.negative()) *out++ = '-';
  out = write_whole(out, groups, precision - scale);
  if (scale != 0) {
    *out++ = '.';
    out = write_fraction(out, groups, scale);
  }
  return groups.in_range() ? out : nullptr;
}

}  // namespace

std::size_t decimal_size_bytes(unsigned precision, unsigned scale) noexcept {
  if (precision > decimal_precision_max || scale > decimal_scale_max || scale > precision) return 0;
  return packed_bytes(precision - scale) + packed_bytes(scale);
}

char* write_decimal(char* out, std::span<const std::byte> packed, unsigned precision, unsigned scale) noexcept {
  return precision > decimal_precision_max ? nullptr : write_digits(out, packed, precision, scale);
}

char* write_json_decimal(char* out, std::span<const std::byte> packed, unsigned precision, unsigned scale) noexcept {
  return precision > json_decimal_precision_max ? nullptr : write_digits(out, packed, precision, scale);
}

}  // namespace cdc
