#pragma once

/// Character sets by collation number, and their conversion to UTF-8: what CONVERT(… USING utf8mb4) gives on the servers.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cdc::charset {

/// How bytes of a character column become UTF-8: a charset of the servers, under their name.
enum class TextCoding : std::uint8_t {
  unknown,      ///< The log does not say.
  unsupported,  ///< A collation number that no server has which we know.
  binary,       ///< No characters.
  utf8mb4,      ///< As it is, once checked.
  utf8mb3,      ///< The same without characters of four bytes.
  ucs2,
  utf16,
  utf16le,
  utf32,
  // From here on by table, in the order of tables/single_bytes.inc.
  armscii8,
  ascii,
  big5,
  cp1250,
  cp1251,
  cp1256,
  cp1257,
  cp850,
  cp852,
  cp866,
  cp932,
  dec8,
  eucjpms,
  euckr,
  gb18030,
  gb2312,
  gbk,
  geostd8,
  greek,
  hebrew,
  hp8,
  keybcs2,
  koi8r,
  koi8u,
  latin1,  ///< The servers' latin1 is cp1252 with the five holes at their own code points.
  latin2,
  latin5,
  latin7,
  macce,
  macroman,
  sjis,
  swe7,
  tis620,
  ujis,
};

constexpr std::uint32_t binary_collation = 63;

/// 0 is unknown. The products share the numbers below 1024; above, MariaDB has collations of its own and MySQL those that
/// people define, whose charset the number does not tell.
TextCoding coding_of_collation(std::uint32_t collation, bool mariadb) noexcept;

bool is_valid_utf8mb3(std::string_view text) noexcept;

/// Whether a text of bytes below 0x80 is the same in UTF-8.
bool extends_ascii(TextCoding coding) noexcept;

/// Room that the conversion of `size_bytes` in `coding` may need.
std::size_t utf8_max_bytes(std::size_t size_bytes, TextCoding coding) noexcept;

/// Writes UTF-8; the end, or nullptr when the bytes are not valid in that coding: broken, or a character that the server
/// itself can only show as `?` or U+FFFD. Needs utf8_max_bytes(text.size(), coding) at `out`. For ucs2 and all that follow.
char* convert_to_utf8(char* out, std::string_view text, TextCoding coding) noexcept;

/// A label or identifier in `coding` as UTF-8; false when it cannot be converted.
bool to_utf8(std::string_view text, TextCoding coding, std::string& out);

}  // namespace cdc::charset
