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

/// What a table read by SELECT has in common with one from the log. A key column that columns.exclude drops is refused; the kind of the
/// key, and key.columns where there is no primary key; a masked key column must be hashed. They throw Error(setting_invalid).
[[noreturn]] void throw_key_excluded(std::string_view column);
void set_key_kind(TableSchema& schema, const config::Settings& settings);
void check_masked_key(const TableSchema& schema, const std::vector<MaskedSlot>& masks);

/// Throws Error(schema_mismatch) unless `known` has the columns that `map` has: count, types and sizes.
void require_same_shape(const binlog::TableMap& map, const catalog::CatalogTable& known);

}  // namespace cdc::capture
