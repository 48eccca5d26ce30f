#pragma once

/// Partial updates of MySQL's JSON (binlog_row_value_options=PARTIAL_JSON): a list of changes instead of the document after them.
///
/// Each is one byte of operation (0 replace, 1 insert, 2 remove), a path with its length, and, but of a removal, a binary
/// document with its length; both lengths are length-encoded integers. Source: MySQL's sql/json_diff.h, checked against 9.7.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "cdc/base/arena.h"
#include "cdc/base/output_buffer.h"
#include "cdc/base/reader.h"

namespace cdc {

enum class JsonDiffOperation : std::uint8_t { replace, insert, remove };

/// Borrowed from the list.
struct JsonDiff {
  JsonDiffOperation operation{};
  std::string_view path;             ///< `$.a[3]."b c"`, in UTF-8 as far as the list is sound.
  std::span<const std::byte> value;  ///< Binary JSON; empty for a removal.

  /// The first of `list`, which moves on. False when it is malformed.
  [[nodiscard]] static bool read(Reader& list, JsonDiff& out) noexcept;
};

/// Appends `[{"op": "replace", "path": "$.a", "value": 1}, {"op": "remove", "path": "$.b"}]`, spaced as the server spaces JSON.
/// False when the list is malformed: then `out` is as before.
[[nodiscard]] bool append_json_diff_text(OutputBuffer& out, std::span<const std::byte> list);

enum class JsonPatchFault : std::uint8_t {
  none,
  document,  ///< The document is malformed where the changes touch it.
  list,      ///< The list of changes is malformed.
  place,     ///< A change names a place that the document does not have: it is not the one that was changed.
  size,      ///< What comes out is larger than a column can hold.
};
/// What is wrong, as the end of a message; empty for none.
std::string_view describe(JsonPatchFault fault) noexcept;

struct JsonPatch {
  JsonPatchFault fault{};
  std::span<const std::byte> document;  ///< Binary JSON after the changes, in the memory given; of another layout than the server's own.
};

/// Applies the changes one after the other. Time and memory are bounded by a multiple of the sizes of both.
JsonPatch apply_json_diffs(std::span<const std::byte> document, std::span<const std::byte> list, Arena& memory);

}  // namespace cdc
