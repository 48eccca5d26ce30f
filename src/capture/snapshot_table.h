#pragma once

/// A table as the snapshot reads and shows it: what is selected, in which order, and what its records look like.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cdc/catalog/table_catalog.h"
#include "cdc/config/settings.h"
#include "cdc/config/table_rules.h"
#include "cdc/model/table_schema.h"
#include "cdc/select/row_plan.h"
#include "cdc/snapshot/table_key.h"
#include "table_registry.h"

namespace cdc::capture {

struct SnapshotTable {
  TableSchema schema;  ///< Equal, but for the id, to what the stream makes of the table's rows.
  std::vector<MaskedSlot> masks;
  select::RowPlan plan;                   ///< A decoded row is the record's image.
  std::optional<snapshot::TableKey> key;  ///< None: read in one pass, in no order.
  std::vector<std::size_t> key_slots;     ///< Of the key's columns in a decoded row, in key order.
  std::string filter;                     ///< snapshot.where, between parentheses; empty = all rows.

  /// `SELECT list FROM table WHERE next < key <= high ORDER BY key`. The bounds are packed keys, empty = none.
  std::string read_statement(const std::string& next, const std::string& high) const;
  /// The smallest and the largest value of the key's first column within the bounds; two NULLs when there is no row.
  std::string ends_statement(const std::string& next, const std::string& high) const;
  /// The key of the row that is `rows` behind `next`, as TableKey::pack_texts takes it; no row when there are fewer.
  std::string boundary_statement(const std::string& next, const std::string& high, std::uint64_t rows) const;
};

/// Throws Error: column_unsupported, schema_mismatch, setting_invalid.
SnapshotTable build_snapshot_table(const catalog::CatalogTable& table, mysql::Flavor flavor, const config::Settings& settings,
                                   const config::ColumnRules& columns);

}  // namespace cdc::capture
