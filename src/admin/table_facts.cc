#include "table_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cdc/catalog/fields.h"

namespace cdc::admin {
namespace {

using catalog::number_of;
using catalog::text_of;

struct Key {
  std::vector<std::string> columns;
  bool identifies = true;  ///< Unique and without NULL.
};

void add_once(std::vector<std::string>& list, const std::string& item) {
  if (std::ranges::find(list, item) == list.end()) list.push_back(item);
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::map<std::string, Key> load_keys(mysql::Connection& connection, const std::string& where) {
  std::map<std::string, Key> out;
  connection.query(fmt::format("SELECT INDEX_NAME, COLUMN_NAME, NON_UNIQUE, NULLABLE FROM information_schema.STATISTICS WHERE {} "
                               "AND INDEX_TYPE NOT IN ('FULLTEXT', 'SPATIAL', 'RTREE') ORDER BY INDEX_NAME, SEQ_IN_INDEX",
                               where),
                   [&](mysql::RowView row) {
                     Key& key = out[text_of(row[0])];
                     if (row[1]) key.columns.push_back(text_of(row[1]));
                     if (!row[1] || number_of<int>(row[2]) != 0 || text_of(row[3]) == "YES") key.identifies = false;
                   });
  return out;
}

void use_keys(const std::map<std::string, Key>& keys, TableFacts& out) {
  for (const auto& [name, key] : keys) {
    for (const std::string& column : key.columns) add_once(out.guarded, column);
    if (key.identifies && (out.identity.empty() || name == "PRIMARY")) out.identity = key.columns;
  }
}

/// As the columns are, so that the same table gives the same text.
void in_order(TableFacts& out) {
  std::vector<std::string> ordered;
  for (const catalog::RegisteredColumn& column : out.columns)
    if (std::ranges::find(out.guarded, column.name) != out.guarded.end()) ordered.push_back(column.name);
  out.guarded = std::move(ordered);
}

/// Every column whose name occurs in the expressions: one too many costs a look-up, one too few a wrong row.
void use_partitions(mysql::Connection& connection, const std::string& where, TableFacts& out) {
  std::string expressions;
  connection.query(fmt::format("SELECT DISTINCT PARTITION_EXPRESSION, SUBPARTITION_EXPRESSION FROM information_schema.PARTITIONS WHERE {} "
                               "AND PARTITION_NAME IS NOT NULL",
                               where),
                   [&](mysql::RowView row) { expressions += text_of(row[0]) + ' ' + text_of(row[1]) + ' '; });
  expressions = lower(std::move(expressions));
  for (const catalog::RegisteredColumn& column : out.columns)
    if (expressions.find(lower(column.name)) != expressions.npos) add_once(out.guarded, column.name);
}

}  // namespace

std::string quoted_table(std::string_view schema, std::string_view table) {
  return fmt::format("{}.{}", mysql::quote_name(schema), mysql::quote_name(table));
}

std::optional<TableFacts> load_table_facts(mysql::Connection& connection, std::string_view schema, std::string_view table) {
  const std::string where = fmt::format("TABLE_SCHEMA = {} AND TABLE_NAME = {}", connection.quote(schema), connection.quote(table));
  std::optional<TableFacts> out;
  connection.query(fmt::format("SELECT ENGINE, TABLE_TYPE FROM information_schema.TABLES WHERE {}", where), [&](mysql::RowView row) {
    out.emplace();
    out->engine = text_of(row[0]);
    const std::string type = text_of(row[1]);
    out->base_table = type == "BASE TABLE" || type == "SYSTEM VERSIONED";
  });
  if (!out) return out;
  out->schema = schema;
  out->table = table;
  out->columns = catalog::load_registered_columns(connection, schema, table);
  const auto last =
      connection.query_value(fmt::format("SELECT MAX(ORDINAL_POSITION) FROM information_schema.COLUMNS WHERE {}", where)).value_or("0");
  out->visible = last == std::to_string(out->columns.size());
  use_keys(load_keys(connection, where), *out);
  use_partitions(connection, where, *out);
  in_order(*out);
  return out;
}

}  // namespace cdc::admin
