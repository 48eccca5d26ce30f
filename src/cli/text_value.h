#pragma once

/// One value as people read it.

#include <cstddef>

#include "cdc/model/table_schema.h"
#include "cdc/model/value.h"
#include "terminal_text.h"

namespace cdc::cli {

/// NULL bare, text bare where it cannot be mistaken, bytes in hex, labels by name, dates as the server
/// prints them. At most about `columns_max` columns. `hidden_bytes` of a text's beginning are left out.
/// Binary JSON must have become text before.
Shown show_value(const Column& column, const Value& value, std::size_t columns_max, std::size_t hidden_bytes = 0);

/// Bytes at the beginning of two long texts that need not be shown, as they are the same; 0 when all fits.
std::size_t common_beginning(const Value& before, const Value& after, std::size_t columns_max) noexcept;

}  // namespace cdc::cli
