#pragma once

/// Untrusted text on a terminal: made harmless, measured, cut.

#include <cstddef>
#include <string>
#include <string_view>

namespace cdc::cli {

/// Text and how many terminal columns it takes.
struct Shown {
  std::string text;
  std::size_t columns = 0;
};

/// `text` with everything escaped that could move the cursor, change colours or reorder what is seen:
/// control characters, C1, bidirectional overrides, invisible characters, bytes that are no UTF-8.
/// In quotes when it could be taken for something else: empty, NULL, spaces at an end or doubled,
/// anything escaped. What does not fit into `columns_max` is cut with a mark. `hidden_bytes` are left
/// out at the beginning, with a mark too.
Shown show_text(std::string_view text, std::size_t columns_max, std::size_t hidden_bytes = 0);
/// The same without quotes and without a limit: names.
std::string show_name(std::string_view text);
/// `0x…` of the first bytes, with the whole size when cut.
Shown show_hex(std::string_view bytes, std::size_t columns_max);
/// Text that is all ASCII and harmless, cut when too long.
Shown show_plain(std::string_view text, std::size_t columns_max);

/// Columns of harmless UTF-8.
std::size_t columns_of(std::string_view text) noexcept;

}  // namespace cdc::cli
