#include "column_text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cdc::catalog {
namespace {

using NamedType = std::pair<std::string_view, ColumnType>;

constexpr auto named_types = std::to_array<NamedType>({
    {"tinyint", ColumnType::tinyint},
    {"smallint", ColumnType::smallint},
    {"mediumint", ColumnType::mediumint},
    {"int", ColumnType::integer},
    {"bigint", ColumnType::bigint},
    {"float", ColumnType::float_},
    {"double", ColumnType::double_},
    {"decimal", ColumnType::decimal},
    {"bit", ColumnType::bit},
    {"char", ColumnType::char_},
    {"varchar", ColumnType::varchar},
    {"tinytext", ColumnType::text},
    {"text", ColumnType::text},
    {"mediumtext", ColumnType::text},
    {"longtext", ColumnType::text},
    {"xmltype", ColumnType::text},
    {"binary", ColumnType::binary},
    {"varbinary", ColumnType::varbinary},
    {"tinyblob", ColumnType::blob},
    {"blob", ColumnType::blob},
    {"mediumblob", ColumnType::blob},
    {"longblob", ColumnType::blob},
    {"date", ColumnType::date},
    {"time", ColumnType::time},
    {"datetime", ColumnType::datetime},
    {"timestamp", ColumnType::timestamp},
    {"year", ColumnType::year},
    {"enum", ColumnType::enum_},
    {"set", ColumnType::set},
    {"json", ColumnType::json},
    {"geometry", ColumnType::geometry},
    {"point", ColumnType::geometry},
    {"linestring", ColumnType::geometry},
    {"polygon", ColumnType::geometry},
    {"multipoint", ColumnType::geometry},
    {"multilinestring", ColumnType::geometry},
    {"multipolygon", ColumnType::geometry},
    {"geometrycollection", ColumnType::geometry},
    {"geomcollection", ColumnType::geometry},
    {"vector", ColumnType::vector},
    {"uuid", ColumnType::uuid},
    {"inet4", ColumnType::inet4},
    {"inet6", ColumnType::inet6},
});

/// What stands for the character after a backslash.
constexpr char unescaped(char c) noexcept {
  switch (c) {
    case '0': return '\0';
    case 'n': return '\n';
    case 'r': return '\r';
    default: return c;
  }
}

/// Takes one quoted label off the front of `text`. False when there is none or it does not end.
bool take_label(std::string_view& text, std::string& out) {
  if (text.empty() || text.front() != '\'') return false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool has_next = i + 1 < text.size();
    if (text[i] == '\\' && has_next) {
      out += unescaped(text[++i]);
    } else if (text[i] != '\'') {
      out += text[i];
    } else if (has_next && text[i + 1] == '\'') {
      out += text[++i];
    } else {
      text.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<ColumnType> column_type_named(std::string_view data_type) noexcept {
  const auto* const found = std::ranges::find(named_types, data_type, &NamedType::first);
  if (found == named_types.end()) return std::nullopt;
  return found->second;
}

bool is_declared_unsigned(std::string_view type_text) noexcept {
  return type_text.find(" unsigned") != std::string_view::npos || type_text.find(" zerofill") != std::string_view::npos;
}

std::optional<std::vector<std::string>> parse_labels(std::string_view type_text) {
  const std::size_t open = type_text.find('(');
  if (open == std::string_view::npos) return std::nullopt;
  type_text.remove_prefix(open + 1);
  std::vector<std::string> labels;
  while (take_label(type_text, labels.emplace_back())) {
    if (type_text.starts_with(')')) return labels;
    if (!type_text.starts_with(',')) return std::nullopt;
    type_text.remove_prefix(1);
  }
  return std::nullopt;
}

bool has_supplementary_characters(std::string_view collation_name) noexcept {
  constexpr std::string_view charsets[] = {"utf8mb4", "utf16", "utf32", "gb18030"};
  return std::ranges::any_of(charsets, [&](std::string_view charset) { return collation_name.starts_with(charset); });
}

bool holds_bytes(ColumnType type) noexcept {
  constexpr ColumnType byte_types[] = {ColumnType::binary, ColumnType::varbinary, ColumnType::blob,  ColumnType::geometry,
                                       ColumnType::vector, ColumnType::uuid,      ColumnType::inet4, ColumnType::inet6};
  return std::ranges::find(byte_types, type) != std::end(byte_types);
}

}  // namespace cdc::catalog
