#include "payload.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cdc::admin {
namespace {

enum class Widening : std::uint8_t { integer, text, fixed };

struct Rule {
  std::string_view data_type;
  Widening widening;
  std::string_view type = {};  ///< Of `fixed`.
};

constexpr Rule rules[] = {
    {"tinyint", Widening::integer},
    {"smallint", Widening::integer},
    {"mediumint", Widening::integer},
    {"int", Widening::integer},
    {"bigint", Widening::integer},
    {"bit", Widening::fixed, "BIGINT UNSIGNED"},
    {"float", Widening::fixed, "DOUBLE"},
    {"double", Widening::fixed, "DOUBLE"},
    {"char", Widening::text},
    {"varchar", Widening::text},
    {"tinytext", Widening::text},
    {"text", Widening::text},
    {"mediumtext", Widening::text},
    {"longtext", Widening::text},
    {"enum", Widening::text},
    {"set", Widening::text},
    {"binary", Widening::fixed, "LONGBLOB"},
    {"varbinary", Widening::fixed, "LONGBLOB"},
    {"tinyblob", Widening::fixed, "LONGBLOB"},
    {"blob", Widening::fixed, "LONGBLOB"},
    {"mediumblob", Widening::fixed, "LONGBLOB"},
    {"longblob", Widening::fixed, "LONGBLOB"},
    {"vector", Widening::fixed, "LONGBLOB"},
    {"datetime", Widening::fixed, "DATETIME(6)"},
    {"timestamp", Widening::fixed, "TIMESTAMP(6)"},
    {"time", Widening::fixed, "TIME(6)"},
    {"geometry", Widening::fixed, "GEOMETRY"},
    {"point", Widening::fixed, "GEOMETRY"},
    {"linestring", Widening::fixed, "GEOMETRY"},
    {"polygon", Widening::fixed, "GEOMETRY"},
    {"multipoint", Widening::fixed, "GEOMETRY"},
    {"multilinestring", Widening::fixed, "GEOMETRY"},
    {"multipolygon", Widening::fixed, "GEOMETRY"},
    {"geomcollection", Widening::fixed, "GEOMETRY"},
    {"geometrycollection", Widening::fixed, "GEOMETRY"},
};

/// DECIMAL, DATE, YEAR, UUID, INET4, INET6, JSON: as they are.
std::string unchanged(std::string_view type_text) {
  constexpr std::string_view padded = " zerofill";
  std::string out{type_text};
  if (const auto at = out.find(padded); at != out.npos) out.erase(at, padded.size());
  return out;
}

constexpr std::size_t record_head_bytes = 32;   // Header, id, transaction, roll pointer.
constexpr std::size_t column_head_bytes = 2;    // Length, and a bit for NULL.
constexpr std::size_t kept_in_page_bytes = 40;  // Longer values can move to pages of their own.
constexpr std::size_t characters_bytes_max = 4;

/// The number in `varchar(40)`; 0 for none.
std::size_t first_number(std::string_view type_text) {
  std::size_t out = 0;
  const std::size_t open = std::min(type_text.find('('), type_text.size());
  std::from_chars(type_text.data() + std::min(open + 1, type_text.size()), type_text.data() + type_text.size(), out);
  return out;
}

struct Size {
  std::string_view data_type;
  std::size_t bytes;
};
/// Of the payload's type. All others are texts and bytes.
constexpr Size sizes[] = {{"tinyint", 8}, {"smallint", 8}, {"mediumint", 8}, {"int", 8},      {"bigint", 8},    {"bit", 8},
                          {"float", 8},   {"double", 8},   {"date", 3},      {"datetime", 8}, {"timestamp", 7}, {"time", 6},
                          {"year", 1},    {"uuid", 16},    {"inet4", 4},     {"inet6", 16},   {"decimal", 30}};

std::size_t column_bytes(const catalog::RegisteredColumn& column) {
  const std::string_view type = data_type_of(column.type_text);
  const auto fixed = std::ranges::find(sizes, type, &Size::data_type);
  if (fixed != std::end(sizes)) return fixed->bytes;
  const bool counted = type == "char" || type == "varchar" || type == "binary" || type == "varbinary";
  return counted ? std::min(kept_in_page_bytes, first_number(column.type_text) * characters_bytes_max) : kept_in_page_bytes;
}

void add(std::string& list, std::string_view item) {
  if (!list.empty()) list += ", ";
  list += item;
}

}  // namespace

std::string_view data_type_of(std::string_view type_text) noexcept { return type_text.substr(0, type_text.find_first_of(" (")); }

std::string payload_type(const catalog::RegisteredColumn& column) {
  const auto rule = std::ranges::find(rules, data_type_of(column.type_text), &Rule::data_type);
  if (rule == std::end(rules)) return unchanged(column.type_text);
  switch (rule->widening) {
    case Widening::integer: return column.type_text.find("unsigned") != std::string::npos ? "BIGINT UNSIGNED" : "BIGINT";
    case Widening::text: return fmt::format("LONGTEXT CHARACTER SET {}", column.charset);
    case Widening::fixed: break;
  }
  return std::string{rule->type};
}

PayloadText payload_text(const std::vector<catalog::RegisteredColumn>& columns) {
  PayloadText out;
  std::string after;
  const auto define = [](std::string& list, char image, std::size_t ordinal, const std::string& type) {
    if (!list.empty()) list += ",\n";
    list += fmt::format("{}{} {} NULL", image, ordinal, type);
  };
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const catalog::RegisteredColumn& column = columns[i];
    const std::string type = payload_type(column), name = mysql::quote_name(column.name);
    if (column.before) {
      define(out.columns, 'b', i + 1, type);
      add(out.before_columns, fmt::format("b{}", i + 1));
      add(out.old_values, "OLD." + name);
    }
    if (column.after) {
      define(after, 'a', i + 1, type);
      add(out.after_columns, fmt::format("a{}", i + 1));
      add(out.new_values, "NEW." + name);
    }
  }
  if (!out.columns.empty() && !after.empty()) out.columns += ",\n";
  out.columns += after;
  return out;
}

std::size_t payload_row_bytes(const std::vector<catalog::RegisteredColumn>& columns) {
  std::size_t out = record_head_bytes;
  for (const catalog::RegisteredColumn& column : columns) {
    const std::size_t images = static_cast<std::size_t>(column.before) + static_cast<std::size_t>(column.after);
    out += images * (column_bytes(column) + column_head_bytes);
  }
  return out;
}

std::size_t payload_column_count(const std::vector<catalog::RegisteredColumn>& columns) noexcept {
  std::size_t out = 0;
  for (const catalog::RegisteredColumn& column : columns)
    out += static_cast<std::size_t>(column.before) + static_cast<std::size_t>(column.after);
  return out;
}

}  // namespace cdc::admin
