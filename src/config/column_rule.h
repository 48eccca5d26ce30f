#pragma once

/// What can be said of one column rule as written.

#include <string>
#include <string_view>

namespace cdc::config {

/// What is wrong with a `schema.table.column` glob; empty when nothing is.
std::string column_glob_problem(std::string_view glob);

}  // namespace cdc::config
