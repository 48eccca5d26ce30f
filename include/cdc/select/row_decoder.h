#pragma once

/// Rows of the text protocol to values: equal, bit for bit, to what the binlog's decoder makes of the same row.
///
/// What a server sends is not trusted: every text is checked against its type, and one that does not fit ends in an Error.

#include <span>

#include "cdc/base/arena.h"
#include "cdc/model/value.h"
#include "cdc/mysql/packed_row.h"
#include "cdc/select/row_plan.h"

namespace cdc::select {

/// Decodes rows that `plan.list` selected. Values borrow from the row or from `scratch`; the caller resets `scratch` between rows.
class RowDecoder {
 public:
  explicit RowDecoder(Arena& scratch) : scratch_{scratch} {}

  /// `out` has one value a field. Returns whether some value carries a mark. Throws Error(value_malformed) naming the column, never its
  /// text; also when the row has another number of columns.
  bool decode(const RowPlan& plan, mysql::PackedRow row, std::span<Value> out);

 private:
  Arena& scratch_;
};

}  // namespace cdc::select
