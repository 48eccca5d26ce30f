#pragma once

/// Puts a table map and what the catalog knows together: which columns records carry, how each is decoded.

#include "cdc/binlog/table_map.h"
#include "cdc/catalog/table_catalog.h"
#include "table_registry.h"

namespace cdc::capture {

/// `known` is null when the map names its columns itself, or when nobody can (then columns are numbered).
/// Throws Error: column_unsupported, schema_mismatch, setting_invalid (a key column is excluded or unknown).
CapturedTable build_table(const binlog::TableMap& map, const catalog::CatalogTable* known, const config::Settings& settings,
                          const config::ColumnRules& columns);

/// Throws Error(schema_mismatch) unless `known` has the columns that `map` has: count, types and sizes.
void require_same_shape(const binlog::TableMap& map, const catalog::CatalogTable& known);

}  // namespace cdc::capture
