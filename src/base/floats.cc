#include <charconv>
#include <cmath>
#include <concepts>
#include <string_view>

#include "cdc/base/numbers.h"

namespace cdc {
namespace {

/// Shortest digits of a finite number that is not 0: 0.d1d2d3… times 10 to the `point`.
struct Digits {
  char text[20];
  std::size_t count;
  int point;
};

template <class Float>
Digits shortest_digits(Float magnitude) noexcept {
  char text[float_text_max_bytes];
  const char* const end = std::to_chars(text, text + sizeof text, magnitude, std::chars_format::scientific).ptr;
  const char* const mark = end[-4] == 'e' ? end - 4 : end - 5;  // two or three digits of exponent
  Digits out{};
  out.text[0] = text[0];
  out.count = mark == text + 1 ? 1 : static_cast<std::size_t>(mark - text) - 1;
  std::memcpy(out.text + 1, text + 2, out.count - 1);
  int exponent = 0;
  std::from_chars(mark + 2, end, exponent);
  out.point = (mark[1] == '-' ? -exponent : exponent) + 1;
  return out;
}

char* put_zeros(char* out, std::size_t count) noexcept {
  std::memset(out, '0', count);
  return out + count;
}

char* put(char* out, std::string_view text) noexcept {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* write_fixed(char* out, const Digits& digits) noexcept {
  const std::string_view text{digits.text, digits.count};
  if (digits.point <= 0) return put(put_zeros(put(out, "0."), static_cast<std::size_t>(-digits.point)), text);
  const auto whole = static_cast<std::size_t>(digits.point);
  if (whole >= text.size()) return put_zeros(put(out, text), whole - text.size());
  return put(put(put(out, text.substr(0, whole)), "."), text.substr(whole));
}

/// Where a notation changes and how it looks there. `point` is that of Digits.
struct FloatStyle {
  int fixed_from_point, fixed_to_point;  ///< Fixed notation inside, both ends included; any number with a fraction is below the end.
  std::string_view whole_suffix;         ///< After a number in fixed notation without fraction.
  std::string_view positive_exponent;
};
constexpr FloatStyle json_style{-5, 21, "", "e+"};
constexpr FloatStyle mysql_json_style{-14, 15, ".0", "e"};

char* write_scientific(char* out, const Digits& digits, const FloatStyle& style) noexcept {
  *out++ = digits.text[0];
  if (digits.count > 1) out = put(put(out, "."), {digits.text + 1, digits.count - 1});
  const int exponent = digits.point - 1;
  out = put(out, exponent < 0 ? "e-" : style.positive_exponent);
  return write_uint(out, static_cast<std::uint64_t>(exponent < 0 ? -exponent : exponent));
}

/// Numbers with few decimals, which most are: a decimal of up to 15 digits that reads back as the
/// same double is the only such one, so it is the shortest. Nullptr for all others.
char* write_few_decimals(char* out, double magnitude) noexcept {
  constexpr double scale = 1e6;
  if (!(magnitude < 1e9)) return nullptr;
  const auto scaled = static_cast<std::uint64_t>(magnitude * scale + 0.5);
  if (scaled == 0 || static_cast<double>(scaled) / scale != magnitude) return nullptr;
  out = write_uint(out, scaled / 1'000'000);
  *out++ = '.';
  out = write_padded(out, static_cast<std::uint32_t>(scaled % 1'000'000), 6);
  while (out[-1] == '0') --out;
  return out;
}

/// `whole_below`: smaller integers are all representable and written in fixed notation, so their shortest digits are their own.
template <class Float>
char* write_shortest(char* out, Float value, Float whole_below, const FloatStyle& style) noexcept {
  if (std::signbit(value)) *out++ = '-', value = -value;
  if (value < whole_below) {
    const auto whole = static_cast<std::uint64_t>(value);
    if (static_cast<Float>(whole) == value) return put(write_uint(out, whole), style.whole_suffix);
  }
  if constexpr (std::same_as<Float, double>) {
    if (char* const end = write_few_decimals(out, value); end != nullptr) return end;
  }
  const Digits digits = shortest_digits(value);
  const bool whole = digits.point >= static_cast<int>(digits.count);
  if (digits.point < style.fixed_from_point || (whole && digits.point > style.fixed_to_point)) return write_scientific(out, digits, style);
  out = write_fixed(out, digits);
  return whole ? put(out, style.whole_suffix) : out;
}

}  // namespace

char* write_double(char* out, double value) noexcept { return write_shortest(out, value, 0x1p53, json_style); }
char* write_float(char* out, float value) noexcept { return write_shortest(out, value, 0x1p24F, json_style); }
char* write_mysql_json_double(char* out, double value) noexcept { return write_shortest(out, value, 1e15, mysql_json_style); }

}  // namespace cdc
