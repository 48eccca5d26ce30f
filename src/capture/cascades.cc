#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/catalog/table_catalog.h"
#include "server_facts.h"

namespace cdc::capture {
namespace {

constexpr std::size_t named_constraints_max = 20;

/// Since MySQL 9.6 the SQL layer can do the cascading; then the child's rows are logged like any others.
bool logs_cascaded_rows(mysql::Connection& connection, const ServerFacts& facts) {
  if (facts.version.flavor != mysql::Flavor::mysql || !facts.version.at_least(9, 6)) return false;
  std::string value;
  connection.query("SHOW GLOBAL VARIABLES LIKE 'innodb_native_foreign_keys'",
                   [&](mysql::RowView row) { value = row[1].value_or(std::string_view{}); });
  return value == "OFF" || value == "0";
}

std::string describe(const catalog::Cascade& cascade) {
  return fmt::format("`{}`.`{}` constraint `{}` (parent `{}`.`{}`, ON DELETE {}, ON UPDATE {})", cascade.child_schema, cascade.child_table,
                     cascade.constraint, cascade.parent_schema, cascade.parent_table, cascade.on_delete, cascade.on_update);
}

std::string describe(const std::vector<catalog::Cascade>& cascades) {
  std::string out = "foreign keys change captured rows without logging them: ";
  const std::size_t named = std::min(cascades.size(), named_constraints_max);
  for (std::size_t i = 0; i < named; ++i) {
    if (i != 0) out += "; ";
    out += describe(cascades[i]);
  }
  if (cascades.size() > named) out += fmt::format("; and {} more", cascades.size() - named);
  return out;
}

/// Spelled out for the first constraint.
std::string cures(const catalog::Cascade& first) {
  return fmt::format(
      "1. ALTER TABLE {0}.{1} DROP FOREIGN KEY {2}, then add it again with ON DELETE RESTRICT ON UPDATE RESTRICT and change the children "
      "in the application; 2. leave the table out: tables=…,!{3}.{4}; 3. accept the gap: onUnsupported.cascade=warn",
      mysql::quote_name(first.child_schema), mysql::quote_name(first.child_table), mysql::quote_name(first.constraint), first.child_schema,
      first.child_table);
}

}  // namespace

void check_cascades(mysql::Connection& connection, const ServerFacts& facts, const config::TableRules& tables, config::Policy policy) {
  if (logs_cascaded_rows(connection, facts)) return;
  const auto cascades =
      catalog::list_cascades(connection, [&](std::string_view schema, std::string_view table) { return tables.matches(schema, table); });
  if (cascades.empty()) return;
  if (policy == config::Policy::fail) throw Error{ErrorCode::cascade, Remedy::operate, describe(cascades), cures(cascades.front())};
  log(LogLevel::warning, describe(cascades));
}

}  // namespace cdc::capture
