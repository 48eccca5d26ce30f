#pragma once

/// UTF-8: validity and nothing else.

#include <cstddef>
#include <string_view>

namespace cdc {

/// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms, up to U+10FFFF).
/// Long ASCII runs are checked 16 bytes at a time.
bool is_valid_utf8(std::string_view text) noexcept;

}  // namespace cdc
