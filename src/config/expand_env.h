#pragma once

/// Environment variables in text, by the rules of Go's os.ExpandEnv: the host's for pipeline files.

#include <string>
#include <string_view>

namespace cdc::config {

struct Expanded {
  std::string text;
  bool unset = false;  ///< A variable that is not set stood there, and reads as nothing.
};
/// `$NAME`, `${NAME}`, also one-character names as `$1` and `$$`; there is no escape for a dollar.
/// Bad syntax such as `${}` is dropped; a dollar before anything else stays.
Expanded expand_env(std::string_view text);

}  // namespace cdc::config
