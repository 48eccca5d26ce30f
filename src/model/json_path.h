#pragma once

/// Paths as partial updates write them: `$`, then `.name`, `."quoted name"` and `[12]`, without wildcards.

#include <cstddef>
#include <string_view>
#include <vector>

#include "cdc/base/arena.h"

namespace cdc {

/// One step of a path, to a member of an object or to a cell of an array.
struct JsonLeg {
  bool is_member = false;
  bool from_end = false;    ///< `[last-3]`: `cell` counts from the last one backwards.
  std::size_t cell = 0;     ///< From 0.
  std::string_view member;  ///< UTF-8, escapes resolved.
};

/// Appends the steps of `path` to `legs`; names are in `path` or in `memory`. False when it is none, or longer than a document is deep.
[[nodiscard]] bool parse_json_path(std::string_view path, Arena& memory, std::vector<JsonLeg>& legs);

}  // namespace cdc
