#pragma once

/// What the server says its tables look like now: names, types, signs, charsets, keys.
///
/// A table map with minimal metadata carries none of these, so rows can only be named by what
/// information_schema says; whether that still holds for an older row is capture's to decide
/// (`created_at_s`, and the DDL between the row and now).

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cdc/model/table_schema.h"
#include "cdc/mysql/connection.h"

namespace cdc::catalog {

struct CatalogColumn {
  Column column;          ///< As records show it; labels in UTF-8; collation id of the column; 63 where it holds bytes.
  std::string type_text;  ///< COLUMN_TYPE, e.g. `int(10) unsigned zerofill`; empty where information_schema does not list the column.
  bool hidden = false;    ///< Never shown: DB_ROW_HASH_n behind MariaDB's long unique keys.
  /// The server shows `?` in a label and it cannot be told from a character that it cannot show (an emoji). The labels
  /// are left empty: only a table map with full metadata has them.
  bool labels_unsure = false;
};

struct PrimaryKeyColumn {
  std::size_t column_index = 0;
  std::uint64_t prefix_characters = 0;  ///< 0 = the whole column.
};

struct CatalogTable {
  std::string schema, table;
  std::vector<CatalogColumn> columns;         ///< In ordinal order, everything that a full row image has.
  std::vector<PrimaryKeyColumn> primary_key;  ///< With the row_end that system versioning adds, as in the log.
  std::int64_t created_at_s = 0;              ///< CREATE_TIME as Unix seconds UTC (the session's zone is +00:00); 0 = unknown.
  bool sequence = false;                      ///< A MariaDB SEQUENCE: it has row events, but is no table to people.
};

/// Nullopt when the table does not exist, is a view, or is not visible to this account (which needs SELECT on it).
/// Throws Error(column_unsupported) for a column type this version does not know.
std::optional<CatalogTable> load_table(mysql::Connection& connection, std::string_view schema, std::string_view table);

/// Every base table (no views, no sequences) that is not in a schema of the server's own, sorted.
std::vector<std::pair<std::string, std::string>> list_tables(mysql::Connection& connection);

/// A foreign key whose ON DELETE / ON UPDATE action changes rows of `child` without a row event.
struct Cascade {
  std::string child_schema, child_table, constraint, parent_schema, parent_table, on_delete, on_update;
};
/// Those whose child satisfies `captured`.
std::vector<Cascade> list_cascades(mysql::Connection& connection,
                                   const std::function<bool(std::string_view schema, std::string_view table)>& captured);

}  // namespace cdc::catalog
