#pragma once

/// Foreign keys out of the text of SHOW CREATE TABLE: pure text, no server.
///
/// MariaDB and MySQL before 8.0 list a foreign key in information_schema only to accounts that may do more
/// than SELECT; SHOW CREATE TABLE tells all.

#include <string_view>
#include <vector>

#include "cdc/catalog/table_catalog.h"

namespace cdc::catalog {

/// The actions that change rows of the child; RESTRICT and NO ACTION do not.
bool changes_child(std::string_view action) noexcept;

/// Every foreign key of `create_table` with an action that changes rows. Names stand between backticks
/// (sql_quote_show_create=1, no ANSI_QUOTES), one constraint a line, as both servers print it.
std::vector<Cascade> parse_cascades(std::string_view create_table, std::string_view schema, std::string_view table);

}  // namespace cdc::catalog
