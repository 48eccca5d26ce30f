#pragma once

/// Avro names for columns, tables and schemas.
///
/// Avro allows [A-Za-z_][A-Za-z0-9_]*. Every other character becomes `_`, and one more `_` goes before a first digit. Columns
/// whose names are fine keep them; the others, in column order, get `_2`, `_3`… behind a name that is taken.
/// The rule is part of docs/type-mapping.md; names must stay the same in every version.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cdc::opencdc {

/// `name`: UTF-8; bytes that are not count as a character each.
std::string avro_name(std::string_view name);
/// As avro_name, and no name of a type: those may not be defined again. For records.
std::string avro_record_name(std::string_view name);
/// One name each, all different.
std::vector<std::string> avro_field_names(std::span<const std::string_view> names);

}  // namespace cdc::opencdc
