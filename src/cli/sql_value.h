#pragma once

/// Values and names inside SQL statements.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "cdc/cli/output.h"
#include "cdc/model/table_schema.h"
#include "cdc/model/value.h"

namespace cdc::cli {

/// `` `name` ``, backquotes doubled.
std::string quote_name(std::string_view name);
/// A literal that the server reads as the very same value, under every sql_mode: text with backslashes
/// or control characters goes as hex. Large values leave in pieces.
void write_sql_value(Output& out, const Column& column, const Value& value);
/// What `document`, an expression, is after a list of changes (json_diff.h): calls of the server's own functions around it.
/// Writes nothing when the list is malformed.
void write_json_changes(Output& out, std::string_view document, std::span<const std::byte> changes);
/// Whether `column = literal` finds the row: not so for approximate and structured types.
bool compares_exactly(const Column& column, const Value& value) noexcept;

}  // namespace cdc::cli
