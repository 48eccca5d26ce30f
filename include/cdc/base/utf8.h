#pragma once

/// UTF-8: validity, and what stands for what is not valid.

#include <cstddef>
#include <string>
#include <string_view>

namespace cdc {

/// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms, up to U+10FFFF).
/// Long ASCII runs are checked 16 bytes at a time.
bool is_valid_utf8(std::string_view text) noexcept;

/// The text with U+FFFD for each byte that is part of no character, as Go's writers do.
std::string replace_invalid_utf8(std::string_view text);

}  // namespace cdc
