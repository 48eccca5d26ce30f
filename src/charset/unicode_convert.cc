#include <cstddef>
#include <cstdint>

#include "charset_convert.h"
#include "utf8_writer.h"

namespace cdc::charset {
namespace {

using Byte = unsigned char;

bool is_surrogate(std::uint32_t c) noexcept { return (c & 0xFFFFF800) == 0xD800; }
bool is_high_surrogate(std::uint32_t c) noexcept { return (c & 0xFFFFFC00) == 0xD800; }
bool is_low_surrogate(std::uint32_t c) noexcept { return (c & 0xFFFFFC00) == 0xDC00; }

struct BigEndian {
  static std::uint32_t unit(const Byte* at) noexcept { return std::uint32_t{at[0]} << 8 | at[1]; }
};
struct LittleEndian {
  static std::uint32_t unit(const Byte* at) noexcept { return std::uint32_t{at[1]} << 8 | at[0]; }
};

template <class Order, bool pairs>
char* convert_units(char* out, std::string_view text) noexcept {
  if (text.size() % 2 != 0) return nullptr;
  const auto* at = reinterpret_cast<const Byte*>(text.data());
  const Byte* const end = at + text.size();
  while (at != end) {
    std::uint32_t c = Order::unit(at);
    at += 2;
    if (is_surrogate(c)) {
      if (!pairs || at == end || !is_high_surrogate(c)) return nullptr;
      const std::uint32_t low = Order::unit(at);
      at += 2;
      if (!is_low_surrogate(low)) return nullptr;
      c = 0x10000 + ((c & 0x3FF) << 10 | (low & 0x3FF));
    }
    out = write_code_point(out, c);
  }
  return out;
}

}  // namespace

char* convert_ucs2(char* out, std::string_view text) noexcept { return convert_units<BigEndian, false>(out, text); }
char* convert_utf16(char* out, std::string_view text) noexcept { return convert_units<BigEndian, true>(out, text); }
char* convert_utf16le(char* out, std::string_view text) noexcept { return convert_units<LittleEndian, true>(out, text); }

char* convert_utf32(char* out, std::string_view text) noexcept {
  if (text.size() % 4 != 0) return nullptr;
  const auto* at = reinterpret_cast<const Byte*>(text.data());
  const Byte* const end = at + text.size();
  for (; at != end; at += 4) {
    const std::uint32_t c = BigEndian::unit(at) << 16 | BigEndian::unit(at + 2);
    if (c > 0x10FFFF || is_surrogate(c)) return nullptr;
    out = write_code_point(out, c);
  }
  return out;
}

}  // namespace cdc::charset
