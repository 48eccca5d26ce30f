#pragma once

/// Conversion loops to UTF-8, one a kind of charset. Each writes at `out` and returns the end there, or nullptr when the text is not
/// valid; the room that `out` needs is utf8_max_bytes().

#include <string_view>

#include "charset_tables.h"

namespace cdc::charset {

char* convert_by_table(char* out, std::string_view text, const CharsetTable& table) noexcept;
char* convert_ucs2(char* out, std::string_view text) noexcept;
char* convert_utf16(char* out, std::string_view text) noexcept;
char* convert_utf16le(char* out, std::string_view text) noexcept;
char* convert_utf32(char* out, std::string_view text) noexcept;

}  // namespace cdc::charset
