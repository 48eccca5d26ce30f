#include "cdc/base/numbers.h"

#include <bit>

namespace cdc {
namespace {

constexpr std::uint32_t hundred_million = 100'000'000;
constexpr std::uint64_t zeros = 0x3030303030303030U;  // "00000000"

/// Eight digits of a value below 1e8, one a byte, first digit lowest: halves, quarters and digits are
/// split off in all lanes at once, the divisions being multiplications by rounded-up reciprocals.
std::uint64_t eight_digits(std::uint32_t value) noexcept {
  const std::uint64_t halves = value / 10'000 | std::uint64_t{value % 10'000} << 32;
  const std::uint64_t hundreds = halves * 10'486 >> 20 & 0x0000'007f'0000'007fU;  // 10486/2^20 = 1/100, exact below 10,000
  const std::uint64_t quarters = hundreds | (halves - 100 * hundreds) << 16;
  const std::uint64_t tens = quarters * 103 >> 10 & 0x000f'000f'000f'000fU;  // 103/2^10 = 1/10, exact below 100
  return tens | (quarters - 10 * tens) << 8;
}

char* put_block(char* out, std::uint64_t digits) noexcept {
  digits |= zeros;
  std::memcpy(out, &digits, sizeof digits);
  return out + sizeof digits;
}

/// `size` characters, half to all of 2 × `half`, as two stores that may overlap.
template <unsigned half>
char* put_ends(char* out, std::uint64_t block, unsigned size) noexcept {
  const std::uint64_t last = block >> 8 * (size - half);
  std::memcpy(out, &block, half);
  std::memcpy(out + size - half, &last, half);
  return out + size;
}

constexpr std::array<std::uint32_t, 9> powers_of_ten{1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, hundred_million};

/// Without leading zeros; touches eight bytes. Their number is found on its own, before the digits: what is written next waits
/// for the end only.
char* put_trimmed(char* out, std::uint32_t below_1e8) noexcept {
  const auto about = static_cast<unsigned>(std::bit_width(below_1e8 | 1U)) * 1'233 >> 12;  // 1233/2^12 = log10(2), rounded up
  const unsigned count = about + (below_1e8 >= powers_of_ten[about] ? 1U : 0U) + (below_1e8 == 0 ? 1U : 0U);
  put_block(out, eight_digits(below_1e8) >> 8 * (8 - count));
  return out + count;
}

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

}  // namespace

char* write_uint(char* out, std::uint64_t value) noexcept {
  constexpr std::uint64_t ten_to_16 = std::uint64_t{hundred_million} * hundred_million;
  if (value < hundred_million) return put_trimmed(out, static_cast<std::uint32_t>(value));
  if (value >= ten_to_16) {
    out = put_trimmed(out, static_cast<std::uint32_t>(value / ten_to_16));
    out = put_block(out, eight_digits(static_cast<std::uint32_t>(value / hundred_million % hundred_million)));
  } else {
    out = put_trimmed(out, static_cast<std::uint32_t>(value / hundred_million));
  }
  return put_block(out, eight_digits(static_cast<std::uint32_t>(value % hundred_million)));
}

char* write_int(char* out, std::int64_t value) noexcept {
  const auto bits = static_cast<std::uint64_t>(value);
  if (value >= 0) return write_uint(out, bits);
  *out++ = '-';
  return write_uint(out, 0 - bits);  // 19 digits at most: the sign's byte is not one too many
}

char* write_padded(char* out, std::uint32_t value, unsigned digits) noexcept {
  if (digits == 9) {
    *out++ = static_cast<char>('0' + value / hundred_million % 10);
    return put_block(out, eight_digits(value % hundred_million));
  }
  const std::uint64_t block = (eight_digits(value) | zeros) >> 8 * (8 - digits);
  if (digits >= 4) return put_ends<4>(out, block, digits);
  if (digits >= 2) return put_ends<2>(out, block, digits);
  *out = static_cast<char>(block);
  return out + 1;
}

char* write_base64(char* out, const char* data, std::size_t size_bytes) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(data[i])); };
  const auto put = [&](std::uint32_t bits12) {
    std::memcpy(out, base64_pairs.data() + std::size_t{2} * bits12, 2);
    out += 2;
  };
  std::size_t i = 0;
  for (; size_bytes - i >= 8; i += 6) {  // eight bytes loaded, six of them used
    std::uint64_t bits;
    std::memcpy(&bits, data + i, sizeof bits);
    bits = __builtin_bswap64(bits);
    for (unsigned shift = 52; shift >= 16; shift -= 12) put(static_cast<std::uint32_t>(bits >> shift & 0xfff));
  }
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

bool append_from_base64(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  const std::size_t before = out.size();
  std::uint32_t bits = 0;
  unsigned count = 0;  // of bits not yet written
  bool good = text.size() % 4 == 0;
  for (const char c : text.substr(0, text.size() - padding)) {
    const std::size_t value = digits.find(c);
    good = good && value != digits.npos;
    bits = bits << 6 | static_cast<std::uint32_t>(value & 63);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xff);
  }
  if (good && (bits & ((1U << count) - 1)) == 0) return true;
  out.resize(before);
  return false;
}

char* write_hex(char* out, const char* data, std::size_t size_bytes) noexcept {
  for (std::size_t i = 0; i < size_bytes; ++i, out += 2) {
    std::memcpy(out, hex_pairs.data() + std::size_t{2} * static_cast<unsigned char>(data[i]), 2);
  }
  return out;
}

}  // namespace cdc
