#pragma once

/// What the server says of a table that triggers are to capture.

#include <optional>
#include <string>
#include <vector>

#include "cdc/catalog/changelog.h"
#include "cdc/mysql/connection.h"

namespace cdc::admin {

struct TableFacts {
  std::string schema, table;
  std::string engine;
  bool base_table = true;
  std::vector<catalog::RegisteredColumn> columns;  ///< Images unset.
  /// Columns of any key or of the partitioning: only where one of them changes can UPDATE IGNORE skip a row.
  std::vector<std::string> guarded;
  /// Columns of a key that tells rows apart (primary, else unique without NULL); empty: there is none.
  std::vector<std::string> identity;
  bool visible = true;  ///< False: not all columns are visible to this account.
};

/// Nullopt when there is no such table, or none that this account may see.
std::optional<TableFacts> load_table_facts(mysql::Connection& connection, std::string_view schema, std::string_view table);

/// Quoted `schema`.`table`.
std::string quoted_table(std::string_view schema, std::string_view table);

}  // namespace cdc::admin
