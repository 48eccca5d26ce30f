#include "cdc/charset/text_charset.h"

#include <algorithm>

#include "cdc/base/utf8.h"
#include "charset_convert.h"

namespace cdc::charset {
namespace {

struct Range {
  std::uint32_t first, last;
  TextCoding coding;
};

constexpr Range ranges[] = {
#include "tables/collations.inc"
};
constexpr std::uint32_t mariadb_only_first = 1024;

}  // namespace

TextCoding coding_of_collation(std::uint32_t collation, bool mariadb) noexcept {
  if (collation == 0) return TextCoding::unknown;
  if (collation >= mariadb_only_first && !mariadb) return TextCoding::unsupported;
  const auto* const range = std::ranges::lower_bound(ranges, collation, {}, &Range::last);
  return range != std::end(ranges) && collation >= range->first ? range->coding : TextCoding::unsupported;
}

bool extends_ascii(TextCoding coding) noexcept {
  return coding == TextCoding::utf8mb4 || coding == TextCoding::utf8mb3 ||
         (coding >= TextCoding::armscii8 && table_of(coding).extends_ascii);
}

std::size_t utf8_max_bytes(std::size_t size_bytes, TextCoding coding) noexcept {
  constexpr std::size_t slack_bytes = 3;  // characters are written four bytes at a time
  const bool high_singles = coding >= TextCoding::armscii8 && table_of(coding).high_singles;
  return (high_singles ? size_bytes * 3 : size_bytes + size_bytes / 2) + slack_bytes;  // else two bytes become three at most
}

char* convert_to_utf8(char* out, std::string_view text, TextCoding coding) noexcept {
  switch (coding) {
    case TextCoding::unknown:
    case TextCoding::unsupported:
    case TextCoding::binary:
    case TextCoding::utf8mb4:
    case TextCoding::utf8mb3: return nullptr;
    case TextCoding::ucs2: return convert_ucs2(out, text);
    case TextCoding::utf16: return convert_utf16(out, text);
    case TextCoding::utf16le: return convert_utf16le(out, text);
    case TextCoding::utf32: return convert_utf32(out, text);
    default: return convert_by_table(out, text, table_of(coding));
  }
}

bool is_valid_utf8mb3(std::string_view text) noexcept {
  constexpr auto four_byte_lead = [](char c) { return static_cast<unsigned char>(c) >= 0xF0; };
  return is_valid_utf8(text) && std::ranges::none_of(text, four_byte_lead);
}

bool to_utf8(std::string_view text, TextCoding coding, std::string& out) {
  if (coding < TextCoding::ucs2) {
    out = text;
    return coding != TextCoding::unsupported && (coding == TextCoding::utf8mb3 ? is_valid_utf8mb3(text) : is_valid_utf8(text));
  }
  out.resize(utf8_max_bytes(text.size(), coding));
  char* const end = convert_to_utf8(out.data(), text, coding);
  out.resize(end == nullptr ? 0 : static_cast<std::size_t>(end - out.data()));
  return end != nullptr;
}

}  // namespace cdc::charset
