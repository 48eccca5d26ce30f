#pragma once

/// What can be said of one table rule as written.

#include <string>
#include <string_view>
#include <vector>

namespace cdc::config {

/// `!…` or `-…`.
bool is_exclusion(std::string_view item) noexcept;
/// Without a schema of its own: its meaning depends on the default schema.
bool is_bare(std::string_view item);
/// Then the list means "all but these".
bool only_exclusions(const std::vector<std::string>& items);

}  // namespace cdc::config
