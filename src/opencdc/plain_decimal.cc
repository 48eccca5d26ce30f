#include "plain_decimal.h"

#include <array>
#include <charconv>
#include <cstdint>

#include "cdc/model/decimal.h"

namespace cdc::opencdc {
namespace {

/// 65 digits are 216 bits; one more for the sign.
constexpr std::size_t word_count = 7;
using Words = std::array<std::uint32_t, word_count>;  ///< Lowest first.

void multiply_add(Words& words, std::uint32_t factor, std::uint32_t carry) noexcept {
  std::uint64_t rest = carry;
  for (std::uint32_t& word : words) {
    rest += std::uint64_t{word} * factor;
    word = static_cast<std::uint32_t>(rest);
    rest >>= 32;
  }
}

void negate(Words& words) noexcept {
  for (std::uint32_t& word : words) word = ~word;
  multiply_add(words, 1, 1);
}

unsigned char byte_of(const Words& words, std::size_t index) noexcept {
  return static_cast<unsigned char>(words[index / 4] >> 8 * (index % 4));
}

}  // namespace

double nearest_double(std::string_view text) noexcept {
  double out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

std::string_view unscaled_digits(std::string_view text, char* room) noexcept {
  Words words{};
  const bool negative = text.starts_with('-');
  for (const char c : text) {
    if (c >= '0' && c <= '9') multiply_add(words, 10, static_cast<std::uint32_t>(c - '0'));
  }
  if (negative) negate(words);
  std::size_t size = 4 * word_count;
  const auto redundant = [&](std::size_t top) {  // the next byte's first bit says the same
    const unsigned char sign = (byte_of(words, top - 1) & 0x80) != 0 ? 0xff : 0;
    return byte_of(words, top) == sign;
  };
  while (size > 1 && redundant(size - 1)) --size;
  for (std::size_t i = 0; i < size; ++i) room[i] = static_cast<char>(byte_of(words, size - 1 - i));
  return {room, size};
}

}  // namespace cdc::opencdc
