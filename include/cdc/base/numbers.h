#pragma once

/// Numbers to text, fast, into memory the caller has reserved. Each returns the end of what it wrote.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace cdc {

/// All 20 bytes must be there, whatever the value: short numbers are stored as a block.
inline constexpr std::size_t integer_text_max_bytes = 20;
char* write_uint(char* out, std::uint64_t value) noexcept;
char* write_int(char* out, std::int64_t value) noexcept;
/// Exactly `digits` decimal digits of `value`, leading zeros included; 1..9. Needs no byte more.
char* write_padded(char* out, std::uint32_t value, unsigned digits) noexcept;

/// To the next number of as many digits, in place; false, with nothing changed, when all are 9.
inline bool increment_digits(char* digits, std::size_t count) noexcept {
  std::size_t at = count;
  while (at > 0 && digits[at - 1] == '9') --at;
  if (at == 0) return false;
  ++digits[at - 1];
  for (; at < count; ++at) digits[at] = '0';
  return true;
}

/// `00` to `99`.
inline constexpr auto digit_pairs = [] {
  std::array<char, 200> table{};
  for (std::size_t i = 0; i < 100; ++i) {
    table[2 * i] = static_cast<char>('0' + i / 10);
    table[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return table;
}();
/// Two digits of a value below 100.
inline char* write_pair(char* out, std::uint32_t below_100) noexcept {
  std::memcpy(out, digit_pairs.data() + std::size_t{2} * below_100, 2);
  return out + 2;
}

inline constexpr std::size_t float_text_max_bytes = 40;
/// Shortest text that reads back as the same 64 or 32 bits. Fixed notation from 1e-6 to below 1e21,
/// else `1e-7`, `1e+21`, as Go's encoding/json writes it. Needs a finite value.
char* write_double(char* out, double value) noexcept;
char* write_float(char* out, float value) noexcept;
/// The same digits as MySQL lays them out inside JSON: fixed from 1e-15 on and, without a
/// fraction, below 1e15: `1.0`; else `1e15`, `1e-16`.
char* write_mysql_json_double(char* out, double value) noexcept;

/// Standard base64 with padding. Needs base64_size(n) bytes at `out`.
constexpr std::size_t base64_size(std::size_t size_bytes) noexcept { return (size_bytes + 2) / 3 * 4; }
char* write_base64(char* out, const char* data, std::size_t size_bytes) noexcept;
/// Appends what `text` stands for; false, with `out` as it was, when it is not what write_base64 writes.
bool append_from_base64(std::string& out, std::string_view text);
/// Lower-case hex, two digits a byte.
char* write_hex(char* out, const char* data, std::size_t size_bytes) noexcept;

}  // namespace cdc
