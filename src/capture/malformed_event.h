#pragma once

/// The error of an event whose bytes do not say what its type must.

#include <fmt/format.h>

#include <string_view>

#include "cdc/base/error.h"

namespace cdc::capture {

inline constexpr std::string_view cure_damaged =
    "compare with the server's own mysqlbinlog; if that reads it, report this with the server version";

/// Throws Error(event_malformed); `what`: `table map`, `rows of d.t: the …`.
[[noreturn]] inline void throw_malformed(std::string_view what) {
  throw Error{ErrorCode::event_malformed, Remedy::fix, fmt::format("{} event is malformed", what), std::string{cure_damaged}};
}

}  // namespace cdc::capture
