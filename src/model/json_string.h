#pragma once

/// Text inside a JSON string, escaped as MySQL does: quote, backslash, the five short forms, \u00XX
/// for the other control characters, and nothing else.

#include <cstddef>
#include <string>
#include <string_view>

namespace cdc {

inline constexpr std::size_t json_escape_factor = 6;
/// What write_json_escaped needs at `out`: it stores whole blocks.
constexpr std::size_t json_escaped_room_bytes(std::size_t size_bytes) noexcept { return json_escape_factor * size_bytes + 16; }

struct EscapedText {
  char* end;
  bool ascii;  ///< Nothing but ASCII was seen, so the text is valid UTF-8.
};
/// Without the quotes around it. Byte for byte: text may be cut anywhere and written in pieces.
EscapedText write_json_escaped(char* out, std::string_view text) noexcept;
/// With the quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace cdc
