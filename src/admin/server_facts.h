#pragma once

/// What the server is and allows, as far as triggers care.

#include <string>
#include <string_view>
#include <vector>

#include "cdc/mysql/connection.h"

namespace cdc::admin {

struct ServerFacts {
  mysql::ServerVersion version;
  std::string account;  ///< CURRENT_USER().
  bool log_bin = false;
  bool trusts_creators = false;  ///< log_bin_trust_function_creators
  bool may_create = false;       ///< The account may create triggers whatever log_bin_trust_function_creators says.
  bool read_only = false;
  unsigned autoinc_lock_mode = 2;
  bool cascade_triggers = false;  ///< MySQL 9.7 and later: cascades fire triggers.
  bool statement_format = false;

  bool is_mariadb() const noexcept { return version.flavor == mysql::Flavor::mariadb; }
};

ServerFacts load_server_facts(mysql::Connection& connection);

/// Whether lines of SHOW GRANTS name one of the privileges, or ALL, on *.*. Pure text.
bool grants_everywhere(const std::vector<std::string>& grants, std::string_view privilege) noexcept;

}  // namespace cdc::admin
