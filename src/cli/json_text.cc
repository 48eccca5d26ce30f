#include "json_text.h"

#include <array>
#include <bit>

namespace cdc::cli {
namespace {

/// What one byte becomes: up to six characters and, last, how many. None: may begin U+2028 or U+2029.
using Escape = std::array<char, 8>;

constexpr Escape escape_of(unsigned byte) {
  constexpr char digits[] = "0123456789abcdef";
  const auto unicode = [&] { return Escape{'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15], 0, 6}; };
  switch (byte) {
    case '\t': return {'\\', 't', 0, 0, 0, 0, 0, 2};
    case '\n': return {'\\', 'n', 0, 0, 0, 0, 0, 2};
    case '\r': return {'\\', 'r', 0, 0, 0, 0, 0, 2};
    case '"': return {'\\', '"', 0, 0, 0, 0, 0, 2};
    case '\\': return {'\\', '\\', 0, 0, 0, 0, 0, 2};
    case '<':
    case '>':
    case '&': return unicode();
    case 0xe2: return {};
    default: return byte < 0x20 ? unicode() : Escape{static_cast<char>(byte), 0, 0, 0, 0, 0, 0, 1};
  }
}

constexpr auto escapes = [] {
  std::array<Escape, 256> table{};
  for (unsigned byte = 0; byte < table.size(); ++byte) table[byte] = escape_of(byte);
  return table;
}();

/// Writes the character or characters that begin at `text` and steps over them.
char* write_one(char* out, const char*& text, const char* end) noexcept {
  const Escape& escape = escapes[static_cast<unsigned char>(*text)];
  std::memcpy(out, escape.data(), escape.size());
  if (escape[7] != 0) return ++text, out + escape[7];
  const bool separator = end - text >= 3 && text[1] == '\x80' && (text[2] == '\xa8' || text[2] == '\xa9');
  if (!separator) return *out = *text++, out + 1;
  std::memcpy(out, text[2] == '\xa8' ? "\\u2028" : "\\u2029", 6);
  text += 3;
  return out + 6;
}

/// Writes a block, of which the clean runs are copied as blocks too, and steps over it. A second block of text can be read behind it.
char* write_block(char* out, const char*& text, const char* end) noexcept {
  const char* const stop = text + json_block_bytes;
  const char* const begin = text;
  for (unsigned specials = specials_in(load_block(begin)); specials != 0; specials &= specials - 1) {
    const char* const special = begin + std::countr_zero(specials);
    store_block(out, load_block(text));
    out += special - text;
    text = special;
    out = write_one(out, text, end);
  }
  if (text >= stop) return out;
  store_block(out, load_block(text));
  out += stop - text;
  text = stop;
  return out;
}

}  // namespace

char* write_json_escaped_slowly(char* out, const char* text, const char* end) noexcept {
  while (end - text >= 2 * json_block_bytes) out = write_block(out, text, end);
  while (text < end) out = write_one(out, text, end);
  return out;
}

std::size_t whole_characters(std::string_view text, std::size_t most) noexcept {
  if (text.size() <= most) return text.size();
  const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80; };
  std::size_t size = most;
  while (size > 0 && size + 4 > most && continues(size)) --size;
  return continues(size) ? most : size;
}

}  // namespace cdc::cli
