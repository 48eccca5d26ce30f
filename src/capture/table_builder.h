#pragma once

/// Puts a table map and what the catalog knows together: which columns records carry, how each is decoded.

#include "cdc/binlog/table_map.h"
#include "cdc/catalog/table_catalog.h"
#include "table_registry.h"

namespace cdc::capture {

/// `known` is null when the map names its columns itself, or when nobody can (then columns are numbered); `now`, which may be
/// null, then tells the types that no log tells.
/// Throws Error: column_unsupported, schema_mismatch, setting_invalid (a key column is excluded or unknown).
CapturedTable build_table(const binlog::TableMap& map, const catalog::CatalogTable* known, const config::Settings& settings,
                          const config::ColumnRules& columns, const catalog::CatalogTable* now = nullptr);

/// MariaDB logs UUID, INET6 and INET4 as BINARY, VECTOR as VARBINARY, to the byte: whether a column may be one of them.
bool hides_types(const binlog::TableMap& map) noexcept;

/// Throws Error(schema_mismatch) unless `known` has the columns that `map` has: count, types and sizes.
void require_same_shape(const binlog::TableMap& map, const catalog::CatalogTable& known);

}  // namespace cdc::capture
