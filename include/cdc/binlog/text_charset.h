#pragma once

/// Character sets by collation id, and their conversion to UTF-8.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cdc::binlog {

/// How bytes of a character column become UTF-8.
enum class TextCoding : std::uint8_t {
  utf8,  ///< utf8mb3 and utf8mb4: as they are, once checked.
  ascii,
  latin1,   ///< The servers' latin1 is cp1252 with the five holes at their own code points.
  utf16be,  ///< utf16 and ucs2.
  utf16le,
  utf32be,
  binary,       ///< No characters.
  unconverted,  ///< A charset this version does not convert: delivered as marked bytes.
  unknown,      ///< The log does not say.
};

/// By collation id, the same in both products. 0 is unknown. MariaDB's NOPAD and uca1400 ranges included.
TextCoding coding_of_collation(std::uint32_t collation) noexcept;

/// Most UTF-8 bytes that `size_bytes` of any coding become.
constexpr std::size_t utf8_max_bytes(std::size_t size_bytes) noexcept { return size_bytes * 3; }

/// Writes UTF-8; the end, or nullptr when the bytes are not valid in that coding. Needs
/// utf8_max_bytes(text.size()) at `out`. Only for ascii, latin1 and the utf16/32 codings.
char* convert_to_utf8(char* out, std::string_view text, TextCoding coding) noexcept;

/// A label or identifier in `coding` as UTF-8; false when it cannot be converted.
bool to_utf8(std::string_view text, TextCoding coding, std::string& out);

}  // namespace cdc::binlog
