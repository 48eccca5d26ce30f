#pragma once

/// Names of tables for people and for SQL.

#include <string>
#include <string_view>

namespace cdc::admin {

/// `shop.orders`, control characters as `?`.
std::string shown_table(std::string_view schema, std::string_view table);

}  // namespace cdc::admin
