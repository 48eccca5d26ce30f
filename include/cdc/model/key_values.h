#pragma once

/// The image that a record's key is taken from.

#include <span>
#include <vector>

#include "cdc/model/change.h"

namespace cdc {

/// One value a column: of the row after a create, before any other change; key columns that this image lacks come from the
/// other one. A view of the change, or of `scratch`, which is overwritten.
std::span<const Value> key_values(const Change& change, std::vector<Value>& scratch);

}  // namespace cdc
