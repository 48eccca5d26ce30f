#include "cdc/binlog/text_charset.h"

#include <array>

#include "cdc/base/reader.h"
#include "cdc/base/utf8.h"

namespace cdc::binlog {
namespace {

struct Range {
  std::uint32_t first, last;
  TextCoding coding;
};

// Source: the collation lists of both servers (information_schema.COLLATIONS).
constexpr Range ranges[] = {
    {5, 5, TextCoding::latin1},        {8, 8, TextCoding::latin1},        {11, 11, TextCoding::ascii},     {15, 15, TextCoding::latin1},
    {31, 31, TextCoding::latin1},      {33, 33, TextCoding::utf8},        {35, 35, TextCoding::utf16be},   {45, 46, TextCoding::utf8},
    {47, 49, TextCoding::latin1},      {54, 55, TextCoding::utf16be},     {56, 56, TextCoding::utf16le},   {60, 61, TextCoding::utf32be},
    {62, 62, TextCoding::utf16le},     {63, 63, TextCoding::binary},      {65, 65, TextCoding::ascii},     {76, 76, TextCoding::utf8},
    {83, 83, TextCoding::utf8},        {90, 90, TextCoding::utf16be},     {94, 94, TextCoding::latin1},    {101, 124, TextCoding::utf16be},
    {128, 151, TextCoding::utf16be},   {159, 159, TextCoding::utf16be},   {160, 183, TextCoding::utf32be}, {192, 215, TextCoding::utf8},
    {223, 247, TextCoding::utf8},      {255, 323, TextCoding::utf8},      {576, 578, TextCoding::utf8},    {608, 610, TextCoding::utf8},
    {640, 642, TextCoding::utf16be},   {672, 674, TextCoding::utf16be},   {736, 738, TextCoding::utf32be}, {2048, 2559, TextCoding::utf8},
    {2560, 3071, TextCoding::utf16be}, {3072, 3327, TextCoding::utf32be},
};
constexpr std::uint32_t nopad_first = 1024, nopad_last = 2047;  // MariaDB: base collation + 1024

// cp1252 at 0x80..0x9f; 0 marks the five holes, which the servers map to the same code point.
constexpr std::array<std::uint16_t, 32> cp1252_high = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

char* write_code_point(char* out, std::uint32_t c) noexcept {
  const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) return put(c), out;
  if (c < 0x800) return put(0xC0 | c >> 6), put(0x80 | (c & 0x3F)), out;
  if (c < 0x10000) return put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F)), out;
  return put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F)), out;
}

std::uint32_t latin1_code_point(unsigned char c) noexcept {
  if (c < 0x80 || c > 0x9F) return c;
  const std::uint16_t mapped = cp1252_high[c - 0x80U];
  return mapped != 0 ? mapped : c;
}

char* from_single_byte(char* out, std::string_view text, TextCoding coding) noexcept {
  for (const char raw : text) {
    const auto c = static_cast<unsigned char>(raw);
    if (coding == TextCoding::ascii && c >= 0x80) return nullptr;
    out = write_code_point(out, latin1_code_point(c));
  }
  return out;
}

bool is_surrogate(std::uint32_t c) noexcept { return c >= 0xD800 && c <= 0xDFFF; }

char* from_utf16(char* out, std::string_view text, bool big_endian) noexcept {
  Reader r{std::as_bytes(std::span{text})};
  const auto unit = [&] { return static_cast<std::uint32_t>(big_endian ? r.uint_be(2) : r.uint_le(2)); };
  while (r.remaining() != 0) {
    std::uint32_t c = unit();
    if (is_surrogate(c)) {
      const std::uint32_t low = unit();
      if (c >= 0xDC00 || low < 0xDC00 || low > 0xDFFF) return nullptr;
      c = 0x10000 + ((c & 0x3FF) << 10 | (low & 0x3FF));
    }
    if (r.failed()) return nullptr;
    out = write_code_point(out, c);
  }
  return out;
}

char* from_utf32(char* out, std::string_view text) noexcept {
  Reader r{std::as_bytes(std::span{text})};
  while (r.remaining() != 0) {
    const auto c = static_cast<std::uint32_t>(r.uint_be(4));
    if (r.failed() || c > 0x10FFFF || is_surrogate(c)) return nullptr;
    out = write_code_point(out, c);
  }
  return out;
}

}  // namespace

TextCoding coding_of_collation(std::uint32_t collation) noexcept {
  if (collation == 0) return TextCoding::unknown;
  if (collation >= nopad_first && collation <= nopad_last) collation -= nopad_first;
  for (const Range& range : ranges)
    if (collation >= range.first && collation <= range.last) return range.coding;
  return TextCoding::unconverted;
}

char* convert_to_utf8(char* out, std::string_view text, TextCoding coding) noexcept {
  switch (coding) {
    case TextCoding::ascii:
    case TextCoding::latin1: return from_single_byte(out, text, coding);
    case TextCoding::utf16be: return from_utf16(out, text, true);
    case TextCoding::utf16le: return from_utf16(out, text, false);
    case TextCoding::utf32be: return from_utf32(out, text);
    case TextCoding::utf8:
    case TextCoding::binary:
    case TextCoding::unconverted:
    case TextCoding::unknown: return nullptr;
  }
  return nullptr;
}

bool to_utf8(std::string_view text, TextCoding coding, std::string& out) {
  if (coding == TextCoding::utf8 || coding == TextCoding::unknown || coding == TextCoding::binary) {
    out = text;
    return is_valid_utf8(text);
  }
  out.resize(utf8_max_bytes(text.size()));
  char* const end = convert_to_utf8(out.data(), text, coding);
  out.resize(end == nullptr ? 0 : static_cast<std::size_t>(end - out.data()));
  return end != nullptr;
}

}  // namespace cdc::binlog
