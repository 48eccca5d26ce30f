#include <fmt/format.h>

#include <algorithm>

#include "cdc/admin/triggers.h"
#include "cdc/base/error.h"
#include "cdc/catalog/table_catalog.h"
#include "cdc/config/table_rules.h"

namespace cdc::admin {

Tables matching_tables(mysql::Connection& connection, const config::Settings& settings, std::string_view default_schema) {
  const config::TableRules rules{settings.tables, default_schema};
  Tables out;
  for (auto& name : catalog::list_tables(connection))
    if (rules.matches(name.first, name.second)) out.push_back(std::move(name));
  return out;
}

Tables registered_tables(mysql::Connection& connection, const config::Settings& settings, std::string_view default_schema,
                         const catalog::ChangelogNames& names) {
  const config::TableRules rules{settings.tables, default_schema};
  Tables out;
  for (const catalog::RegisteredTable& entry : catalog::load_registry(connection, names)) {
    const bool known = std::ranges::find(out, std::pair{entry.schema, entry.table}) != out.end();
    if (!known && entry.state != catalog::CaptureState::retired && rules.matches(entry.schema, entry.table))
      out.emplace_back(entry.schema, entry.table);
  }
  return out;
}

catalog::ChangelogMeta require_changelog(mysql::Connection& connection, const catalog::ChangelogNames& names) {
  if (auto meta = catalog::load_changelog_meta(connection, names)) return *meta;
  throw Error{ErrorCode::changelog_missing, Remedy::operate,
              fmt::format("there is no changelog in {}, or none that this account may see", mysql::quote_name(names.schema)),
              "mysql-cdc triggers install URL --tables … --apply; or name the schema: --set trigger.schema=…"};
}

}  // namespace cdc::admin
