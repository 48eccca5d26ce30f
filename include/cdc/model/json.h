#pragma once

/// MySQL's binary JSON and its text, exactly as the server renders it.

#include <cstddef>
#include <span>

#include "cdc/base/output_buffer.h"

namespace cdc {

/// Deepest nesting that a server accepts.
inline constexpr unsigned json_depth_max = 100;

/// Appends the server's text (`{"a": 1, "b": [true, null]}`) of a binary document to `out`. No bytes = `null`.
/// False when the document is malformed (offset outside, cycle, too deep, unknown type, text not
/// UTF-8): then `out` is as before. Never writes more than the document's size justifies: total
/// text is bounded by a fixed multiple of it, which cuts documents whose offsets share bytes.
[[nodiscard]] bool append_json_text(OutputBuffer& out, std::span<const std::byte> document);

}  // namespace cdc
