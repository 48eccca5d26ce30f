#pragma once

/// What information_schema says of a column, as our types: pure text, no server.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/model/table_schema.h"

namespace cdc::catalog {

/// DATA_TYPE, in lower case, e.g. `mediumtext`. Nullopt for a type that this version does not know.
std::optional<ColumnType> column_type_named(std::string_view data_type) noexcept;

/// From COLUMN_TYPE, e.g. `int(10) unsigned zerofill`.
bool is_declared_unsigned(std::string_view type_text) noexcept;

/// Labels out of COLUMN_TYPE, e.g. `enum('a','b''c')`; quotes are doubled, and both servers write `\\`, `\0`, `\n` and
/// `\r` for those four characters whatever the sql_mode. Nullopt when the text is not like that.
std::optional<std::vector<std::string>> parse_labels(std::string_view type_text);

/// Whether `?` in a label may stand for a character that the server could not show: information_schema (and SHOW CREATE
/// TABLE) go through a charset without the supplementary planes, which these collations have.
bool has_supplementary_characters(std::string_view collation_name) noexcept;

/// Columns of bytes, which have no collation of their own.
bool holds_bytes(ColumnType type) noexcept;

}  // namespace cdc::catalog
