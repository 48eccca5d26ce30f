#pragma once

/// The part of a line that shows a row: key, then what changed or what there is.

#include <cstddef>

#include "cdc/model/change.h"
#include "text_style.h"

namespace cdc::cli {

/// Values are cut, and at last left out with a count, so that the result fits `columns_max`; 0 = any length.
/// Binary JSON must have become text before.
StyledText show_fields(const Change& change, bool color, std::size_t columns_max);

}  // namespace cdc::cli
