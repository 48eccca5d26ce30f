#pragma once

/// Binary JSON to text, before a row is printed: so a malformed document leaves no half line.

#include <span>
#include <vector>

#include "cdc/base/output_buffer.h"
#include "cdc/model/table_schema.h"
#include "cdc/model/value.h"

namespace cdc {

bool has_json_column(const TableSchema& table) noexcept;

/// Rewrites one row image at a time, reusing its memory.
class JsonDocuments {
 public:
  /// The same values, each of kind json as kind text, changes to a document (ValueMark::json_diff) too. Valid until the next call.
  /// Throws Error(value_malformed) naming the column.
  std::span<const Value> as_text(const TableSchema& table, std::span<const Value> values);

 private:
  OutputBuffer text_;
  std::vector<Value> values_;
};

}  // namespace cdc
