#include "cdc/base/numbers.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

namespace cdc {
namespace {

constexpr auto digit_pairs = [] {
  std::array<char, 200> table{};
  for (unsigned i = 0; i < 100; ++i) {
    table[2 * i] = static_cast<char>('0' + i / 10);
    table[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return table;
}();

constexpr auto powers_of_ten = [] {
  std::array<std::uint64_t, 20> table{1};
  for (std::size_t i = 1; i < table.size(); ++i) table[i] = table[i - 1] * 10;
  return table;
}();

/// 12 bits to two base64 characters.
constexpr auto base64_pairs = [] {
  constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<char, 2U * 4096> table{};
  for (unsigned i = 0; i < 4096; ++i) {
    table[2 * i] = alphabet[i >> 6];
    table[2 * i + 1] = alphabet[i & 63];
  }
  return table;
}();

constexpr auto hex_pairs = [] {
  constexpr char digits[] = "0123456789abcdef";
  std::array<char, 2U * 256> table{};
  for (unsigned i = 0; i < 256; ++i) {
    table[2 * i] = digits[i >> 4];
    table[2 * i + 1] = digits[i & 15];
  }
  return table;
}();

unsigned digit_count(std::uint64_t value) noexcept {
  const auto about = static_cast<unsigned>(std::bit_width(value | 1)) * 1233 >> 12;  // log10(2) = 1233/4096, rounded down
  return about + (value >= powers_of_ten[about] || about == 0);
}

void put_pair(char* at, std::uint64_t below_100) noexcept { std::memcpy(at, digit_pairs.data() + 2 * below_100, 2); }

/// Shortest digits of a finite non-zero number: 0.d1d2d3… times 10 to the `point`.
struct Digits {
  char text[20];
  std::size_t count;
  int point;
};

template <class Float>
Digits shortest_digits(Float magnitude) noexcept {
  char text[float_text_max_bytes];
  const auto end = std::to_chars(text, text + sizeof text, magnitude, std::chars_format::scientific).ptr;
  Digits out{};
  const char* at = text;
  for (; *at != 'e'; ++at) {
    if (*at != '.') out.text[out.count++] = *at;
  }
  at += at[1] == '+' ? 2 : 1;
  std::from_chars(at, end, out.point);
  ++out.point;
  return out;
}

char* write_zeros(char* out, std::size_t count) noexcept {
  std::memset(out, '0', count);
  return out + count;
}

char* write_chars(char* out, const char* text, std::size_t count) noexcept {
  std::memcpy(out, text, count);
  return out + count;
}

char* write_fixed(char* out, const Digits& digits) noexcept {
  if (digits.point <= 0) {
    *out++ = '0', *out++ = '.';
    out = write_zeros(out, static_cast<std::size_t>(-digits.point));
    return write_chars(out, digits.text, digits.count);
  }
  const auto whole = static_cast<std::size_t>(digits.point);
  if (whole >= digits.count) return write_zeros(write_chars(out, digits.text, digits.count), whole - digits.count);
  out = write_chars(out, digits.text, whole);
  *out++ = '.';
  return write_chars(out, digits.text + whole, digits.count - whole);
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
  if (digits.count > 1) *out++ = '.', out = write_chars(out, digits.text + 1, digits.count - 1);
  const int exponent = digits.point - 1;
  const std::string_view mark = exponent < 0 ? "e-" : style.positive_exponent;
  out = write_chars(out, mark.data(), mark.size());
  return write_uint(out, static_cast<std::uint64_t>(exponent < 0 ? -exponent : exponent));
}

/// `whole_below`: smaller integers are all representable and written in fixed notation, so their shortest digits are their own.
template <class Float>
char* write_shortest(char* out, Float value, Float whole_below, const FloatStyle& style) noexcept {
  if (std::signbit(value)) *out++ = '-', value = -value;
  if (value < whole_below) {
    const auto whole = static_cast<std::uint64_t>(value);
    if (static_cast<Float>(whole) == value)
      return write_chars(write_uint(out, whole), style.whole_suffix.data(), style.whole_suffix.size());
  }
  const Digits digits = shortest_digits(value);
  const bool whole = digits.point >= static_cast<int>(digits.count);
  if (digits.point < style.fixed_from_point || (whole && digits.point > style.fixed_to_point)) return write_scientific(out, digits, style);
  out = write_fixed(out, digits);
  return whole ? write_chars(out, style.whole_suffix.data(), style.whole_suffix.size()) : out;
}

}  // namespace

char* write_uint(char* out, std::uint64_t value) noexcept {
  char* const end = out + digit_count(value);
  char* at = end;
  while (value >= 100) {
    put_pair(at -= 2, value % 100);
    value /= 100;
  }
  if (value >= 10) {
    put_pair(at - 2, value);
  } else {
    at[-1] = static_cast<char>('0' + value);
  }
  return end;
}

char* write_int(char* out, std::int64_t value) noexcept {
  if (value >= 0) return write_uint(out, static_cast<std::uint64_t>(value));
  *out++ = '-';
  return write_uint(out, 0 - static_cast<std::uint64_t>(value));
}

char* write_padded(char* out, std::uint32_t value, unsigned digits) noexcept {
  char* const end = out + digits;
  char* at = end;
  for (; at - out >= 2; value /= 100) put_pair(at -= 2, value % 100);
  if (at != out) *out = static_cast<char>('0' + value % 10);
  return end;
}

char* write_double(char* out, double value) noexcept { return write_shortest(out, value, 0x1p53, json_style); }
char* write_float(char* out, float value) noexcept { return write_shortest(out, value, 0x1p24F, json_style); }
char* write_mysql_json_double(char* out, double value) noexcept { return write_shortest(out, value, 1e15, mysql_json_style); }

char* write_base64(char* out, const char* data, std::size_t size_bytes) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(data[i])); };
  const auto put = [&](std::uint32_t bits12) { std::memcpy(out, base64_pairs.data() + 2 * bits12, 2), out += 2; };
  std::size_t i = 0;
  for (; size_bytes - i >= 3; i += 3) {
    const std::uint32_t bits = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    put(bits >> 12);
    put(bits & 0xfff);
  }
  if (i == size_bytes) return out;
  const bool two = size_bytes - i == 2;
  const std::uint32_t bits = byte(i) << 16 | (two ? byte(i + 1) << 8 : 0);
  put(bits >> 12);
  put(bits & 0xfff);
  out[-1] = '=';
  if (!two) out[-2] = '=';
  return out;
}

char* write_hex(char* out, const char* data, std::size_t size_bytes) noexcept {
  for (std::size_t i = 0; i < size_bytes; ++i, out += 2) std::memcpy(out, hex_pairs.data() + 2U * static_cast<unsigned char>(data[i]), 2);
  return out;
}

}  // namespace cdc
