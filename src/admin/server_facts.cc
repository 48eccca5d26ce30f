#include "server_facts.h"

#include <algorithm>
#include <map>

#include "cdc/catalog/fields.h"

namespace cdc::admin {
namespace {

std::map<std::string, std::string> load_variables(mysql::Connection& connection) {
  std::map<std::string, std::string> out;
  connection.query(
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_bin', 'log_bin_trust_function_creators', 'innodb_autoinc_lock_mode', "
      "'enable_cascade_triggers', 'binlog_format', 'read_only')",
      [&](mysql::RowView row) { out[catalog::text_of(row[0])] = catalog::text_of(row[1]); });
  return out;
}

std::vector<std::string> load_grants(mysql::Connection& connection) {
  std::vector<std::string> out;
  connection.query("SHOW GRANTS", [&](mysql::RowView row) { out.push_back(catalog::text_of(row[0])); });
  return out;
}

}  // namespace

bool grants_everywhere(const std::vector<std::string>& grants, std::string_view privilege) noexcept {
  return std::ranges::any_of(grants, [&](std::string_view line) {
    const std::size_t on = line.find(" ON *.* ");
    if (on == line.npos) return false;
    const std::string_view privileges = line.substr(0, on);
    return privileges.find(privilege) != privileges.npos || privileges.find("ALL PRIVILEGES") != privileges.npos;
  });
}

ServerFacts load_server_facts(mysql::Connection& connection) {
  auto variables = load_variables(connection);
  const auto grants = load_grants(connection);
  const auto is_on = [&](const char* name) { return variables[name] == "ON" || variables[name] == "1"; };
  ServerFacts out;
  out.version = connection.version();
  out.account = connection.query_value("SELECT CURRENT_USER()").value_or("");
  out.log_bin = is_on("log_bin");
  out.trusts_creators = is_on("log_bin_trust_function_creators");
  out.may_create = grants_everywhere(grants, "SUPER") || (out.is_mariadb() && grants_everywhere(grants, "BINLOG ADMIN"));
  out.read_only = is_on("read_only");
  out.autoinc_lock_mode = variables["innodb_autoinc_lock_mode"] == "0" ? 0 : 2;
  out.cascade_triggers = is_on("enable_cascade_triggers");
  out.statement_format = out.log_bin && variables["binlog_format"] == "STATEMENT";
  return out;
}

}  // namespace cdc::admin
