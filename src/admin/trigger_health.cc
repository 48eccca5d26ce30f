#include "trigger_health.h"

#include <fmt/format.h>

#include <set>

#include "cdc/catalog/fields.h"
#include "names.h"
#include "table_facts.h"

namespace cdc::admin {
namespace {

/// False when the account may not see it. SHOW CREATE TRIGGER refuses what information_schema just leaves out.
enum class Seen : std::uint8_t { yes, missing, denied };
Seen look_for(mysql::Connection& connection, const std::string& schema, const std::string& trigger) {
  try {
    connection.query(fmt::format("SHOW CREATE TRIGGER {}", quoted_table(schema, trigger)), [](mysql::RowView) {});
    return Seen::yes;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::privilege_missing) return Seen::denied;
    if (error.code() == ErrorCode::trigger_drift) return Seen::missing;
    throw;
  }
}

Finding missing(const std::string& name, const std::string& trigger) {
  return {true,
          ErrorCode::trigger_drift,
          {fmt::format("{}: trigger {} is missing: changes are not captured", name, trigger),
           "mysql-cdc triggers install … --apply, then a new snapshot of the table"}};
}

Finding denied(const std::string& schema, const std::string& table, const std::string& account) {
  return {
      true,
      ErrorCode::privilege_missing,
      {fmt::format("{}: this account may not see triggers: whether they are what was installed cannot be told", shown_table(schema, table)),
       fmt::format("GRANT TRIGGER ON {} TO {}", quoted_table(schema, table), mysql::quote_account(account))}};
}

/// Nullopt when the account may not look.
std::optional<bool> account_exists(mysql::Connection& connection, const std::string& account) {
  const std::size_t at = account.rfind('@');
  if (at == account.npos) return std::nullopt;
  try {
    return connection
        .query_value(fmt::format("SELECT 1 FROM mysql.user WHERE User = {} AND Host = {}", connection.quote(account.substr(0, at)),
                                 connection.quote(account.substr(at + 1))))
        .has_value();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::privilege_missing) return std::nullopt;
    throw;
  }
}

std::set<std::string> definers(mysql::Connection& connection, const catalog::ChangelogNames& names, const catalog::RegisteredTable& table) {
  std::set<std::string> out;
  connection.query(fmt::format("SELECT DEFINER FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = {} AND TRIGGER_NAME IN ({}, {}, {})",
                               connection.quote(table.schema), connection.quote(names.trigger_name(table.tid, 'i')),
                               connection.quote(names.trigger_name(table.tid, 'u')), connection.quote(names.trigger_name(table.tid, 'd'))),
                   [&](mysql::RowView row) { out.insert(catalog::text_of(row[0])); });
  return out;
}

void check_definers(mysql::Connection& connection, const catalog::ChangelogNames& names, const catalog::RegisteredTable& table,
                    std::vector<Finding>& out) {
  const std::string name = shown_table(table.schema, table.table);
  const auto self = connection.query_value("SELECT CURRENT_USER()").value_or("");
  for (const std::string& definer : definers(connection, names, table)) {
    if (definer == self || account_exists(connection, definer).value_or(true)) continue;
    out.push_back({true,
                   ErrorCode::trigger_drift,
                   {fmt::format("{}: the triggers' definer {} does not exist: every write of the table fails", name, definer),
                    fmt::format("CREATE USER {} ACCOUNT LOCK, with the rights of sql/grants.sql", mysql::quote_account(definer))}});
  }
}

}  // namespace

std::vector<Finding> check_triggers(mysql::Connection& connection, const catalog::ChangelogNames& names, const KnownDefinition& known) {
  const catalog::RegisteredTable& table = known.registered;
  const std::string name = shown_table(table.schema, table.table);
  std::vector<Finding> out;
  if (known.trigger_md5.empty()) {
    for (const char event : {'i', 'u', 'd'}) {
      const std::string trigger = names.trigger_name(table.tid, event);
      const Seen seen = look_for(connection, table.schema, trigger);
      if (seen == Seen::missing) out.push_back(missing(name, trigger));
      if (seen != Seen::denied) continue;
      out.push_back(denied(table.schema, table.table, connection.query_value("SELECT CURRENT_USER()").value_or("")));
      return out;
    }
    if (out.empty()) {  // They exist, on another table.
      out.push_back({true,
                     ErrorCode::trigger_drift,
                     {name + ": its triggers are on another table now: it was renamed or swapped",
                      "mysql-cdc triggers install … --apply, then a new snapshot"}});
    }
  } else if (known.trigger_md5 != table.trigger_md5) {
    out.push_back(
        {true,
         ErrorCode::trigger_drift,
         {name + ": a trigger is not what was installed", "mysql-cdc triggers install … --apply, then a new snapshot of the table"}});
  }
  check_definers(connection, names, table, out);
  return out;
}

}  // namespace cdc::admin
