#include <fmt/format.h>

#include <utility>

#include "cdc/base/error.h"
#include "cdc/catalog/fields.h"
#include "cdc/catalog/table_catalog.h"
#include "foreign_keys.h"

namespace cdc::catalog {
namespace {

using Captured = std::function<bool(std::string_view schema, std::string_view table)>;

/// MySQL 8.0 and later list foreign keys to whoever may SELECT.
std::vector<Cascade> list_by_schema_tables(mysql::Connection& connection, const Captured& captured) {
  std::vector<Cascade> out;
  connection.query(
      "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME, DELETE_RULE, UPDATE_RULE "
      "FROM information_schema.REFERENTIAL_CONSTRAINTS ORDER BY CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME",
      [&](mysql::RowView row) {
        Cascade found{text_of(row[0]), text_of(row[1]), text_of(row[2]), text_of(row[3]),
                      text_of(row[4]), text_of(row[5]), text_of(row[6])};
        if (!changes_child(found.on_delete) && !changes_child(found.on_update)) return;
        if (captured(found.child_schema, found.child_table)) out.push_back(std::move(found));
      });
  return out;
}

void add_by_create_statement(mysql::Connection& connection, const std::string& schema, const std::string& table,
                             std::vector<Cascade>& out) {
  try {
    connection.query(fmt::format("SHOW CREATE TABLE {}.{}", mysql::quote_name(schema), mysql::quote_name(table)), [&](mysql::RowView row) {
      if (row.size() < 2) return;
      for (Cascade& found : parse_cascades(row[1].value_or(std::string_view{}), schema, table)) out.push_back(std::move(found));
    });
  } catch (const Error& error) {
    // Dropped since it was listed, or listed to an account that may not look into it: then its rows cannot be named either.
    if (error.code() == ErrorCode::connection_lost) throw;
  }
}

std::vector<Cascade> list_by_create_statements(mysql::Connection& connection, const Captured& captured) {
  std::vector<std::pair<std::string, std::string>> wanted;
  for (auto& name : list_tables(connection)) {
    if (captured(name.first, name.second)) wanted.push_back(std::move(name));
  }
  std::vector<Cascade> out;
  connection.query("SET SESSION sql_quote_show_create = 1");
  for (const auto& [schema, table] : wanted) add_by_create_statement(connection, schema, table, out);
  return out;
}

}  // namespace

std::vector<Cascade> list_cascades(mysql::Connection& connection, const Captured& captured) {
  const mysql::ServerVersion& version = connection.version();
  const bool listed = version.flavor == mysql::Flavor::mysql && version.at_least(8, 0);
  return listed ? list_by_schema_tables(connection, captured) : list_by_create_statements(connection, captured);
}

}  // namespace cdc::catalog
