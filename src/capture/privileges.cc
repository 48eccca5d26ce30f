#include "privileges.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/catalog/fields.h"

namespace cdc::capture {
namespace {

/// Since 10.5 MariaDB calls it BINLOG MONITOR; the old name is still understood there, but not printed.
std::string_view monitor_privilege(const mysql::ServerVersion& version) noexcept {
  const bool renamed = version.flavor == mysql::Flavor::mariadb && version.at_least(10, 5);
  return renamed ? "BINLOG MONITOR" : "REPLICATION CLIENT";
}

/// `GRANT a, b ON *.* TO …`: whether the list before ` ON *.* ` has `privilege`.
bool grants(std::string_view line, std::string_view privilege) {
  constexpr std::string_view introduction = "GRANT ";
  const std::size_t end = line.find(" ON *.* TO ");
  if (!line.starts_with(introduction) || end == std::string_view::npos) return false;
  std::string_view list = line.substr(introduction.size(), end - introduction.size());
  for (;;) {
    const std::size_t comma = std::min(list.find(", "), list.size());
    if (list.substr(0, comma) == privilege) return true;
    if (comma == list.size()) return false;
    list.remove_prefix(comma + 2);
  }
}

std::string current_account(mysql::Connection& connection) { return connection.query_value("SELECT CURRENT_USER()").value_or("@"); }

/// Asked of the server by a statement that needs the same privilege.
void require_by_statement(mysql::Connection& connection, const ServerFacts& facts) {
  const std::string_view statement = facts.version.at_least(8, 0, 22) ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS";
  with_privilege_cure(connection, facts, [&] { connection.query(statement); });
}

/// MariaDB has no harmless statement that needs REPLICATION SLAVE.
void require_by_grants(mysql::Connection& connection, const ServerFacts& facts) {
  std::vector<std::string> lines;
  connection.query("SHOW GRANTS", [&](mysql::RowView row) { lines.push_back(catalog::text_of(row[0])); });
  if (!grants_allow_dump(lines)) throw privilege_error(connection, facts, "reading the binlog needs REPLICATION SLAVE");
}

}  // namespace

bool grants_allow_dump(const std::vector<std::string>& lines) {
  return std::ranges::any_of(lines, [](std::string_view line) {
    return grants(line, "REPLICATION SLAVE") || grants(line, "ALL PRIVILEGES") || grants(line, "REPLICATION REPLICA");
  });
}

std::string grant_statement(const mysql::ServerVersion& version, std::string_view account) {
  return fmt::format("GRANT REPLICATION SLAVE, {} ON *.* TO {}", monitor_privilege(version), mysql::quote_account(account));
}

Error privilege_error(mysql::Connection& connection, const ServerFacts& facts, std::string_view what) {
  return Error{ErrorCode::privilege_missing, Remedy::operate, std::string{what},
               grant_statement(facts.version, current_account(connection))};
}

void require_privileges(mysql::Connection& connection, const ServerFacts& facts) {
  if (facts.version.flavor == mysql::Flavor::mysql) {
    require_by_statement(connection, facts);
  } else {
    require_by_grants(connection, facts);
  }
  with_privilege_cure(connection, facts, [&] { connection.query("SHOW BINARY LOGS"); });
}

}  // namespace cdc::capture
