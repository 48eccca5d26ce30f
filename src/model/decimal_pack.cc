#include <algorithm>
#include <array>
#include <cstring>

#include "cdc/model/decimal.h"

namespace cdc {
namespace {

constexpr unsigned group_digits = 9;
constexpr std::byte sign_bit{0x80};

/// The digits of a decimal text, as many as its shape has, without sign and point.
struct Digits {
  std::array<char, decimal_precision_max> at;
  bool negative = false;

  bool read(std::string_view text, unsigned whole_digits, unsigned scale) noexcept {
    negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const std::size_t point = std::min(text.find('.'), text.size());
    std::string_view whole = text.substr(0, point);
    const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
    if (whole.empty() || fraction.size() != scale || (scale == 0 && point != text.size())) return false;
    while (!whole.empty() && whole.front() == '0') whole.remove_prefix(1);
    if (whole.size() > whole_digits) return false;
    char* const whole_at = std::fill_n(at.begin(), whole_digits - whole.size(), '0');
    char* const end = std::ranges::copy(fraction, std::ranges::copy(whole, whole_at).out).out;
    return std::all_of(at.data(), end, [](char c) { return c >= '0' && c <= '9'; });
  }
};

/// One group, big-endian in as few bytes as any value of `count` digits needs.
std::byte* put_group(std::byte* out, const char* digits, unsigned count) noexcept {
  constexpr std::uint8_t widths[group_digits + 1] = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};
  std::uint32_t value = 0;
  for (unsigned i = 0; i < count; ++i) value = value * 10 + static_cast<std::uint32_t>(digits[i] - '0');
  for (unsigned i = widths[count]; i-- > 0;) *out++ = static_cast<std::byte>(value >> 8 * i);
  return out;
}

}  // namespace

bool pack_decimal(std::byte* out, std::string_view text, unsigned precision, unsigned scale) noexcept {
  const std::size_t size_bytes = decimal_size_bytes(precision, scale);
  Digits digits;
  if (size_bytes == 0 || !digits.read(text, precision - scale, scale)) return false;
  const char* at = digits.at.data();
  std::byte* end = out;
  const auto put = [&](unsigned count) { end = put_group(end, at, count), at += count; };
  put((precision - scale) % group_digits);
  for (unsigned left = (precision - scale) / group_digits; left != 0; --left) put(group_digits);
  for (unsigned left = scale / group_digits; left != 0; --left) put(group_digits);
  put(scale % group_digits);
  if (digits.negative) std::transform(out, end, out, [](std::byte b) { return ~b; });
  *out ^= sign_bit;
  return true;
}

}  // namespace cdc
