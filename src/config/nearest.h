#pragma once

/// The known key nearest to a mistyped one.

#include <string>
#include <string_view>

namespace cdc::config {

/// Letter case and the marks `_` and `-` count for nothing. Empty when nothing is near.
std::string nearest_key(std::string_view key);

}  // namespace cdc::config
