#pragma once

/// What a tag of a MySQL GTID may look like: `[a-z_][a-z0-9_]{0,31}`.

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace cdc::binlog {

inline constexpr std::size_t gtid_tag_max_bytes = 32;

constexpr bool is_gtid_tag(std::string_view text) noexcept {
  const auto first_fits = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto fits = [&](char c) { return first_fits(c) || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= gtid_tag_max_bytes && first_fits(text[0]) && std::ranges::all_of(text, fits);
}

}  // namespace cdc::binlog
