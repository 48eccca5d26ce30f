#pragma once

/// What the account must be allowed to do, and the GRANT that allows it.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/mysql/connection.h"
#include "server_facts.h"

namespace cdc::capture {

/// Whether lines of SHOW GRANTS, which name the privileges of active roles too, allow a binlog dump: REPLICATION SLAVE
/// or ALL PRIVILEGES on *.*. Pure text.
bool grants_allow_dump(const std::vector<std::string>& grants);

/// ``GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO `cdc`@`%` `` in the product's words. `account` is
/// CURRENT_USER(): user@host, unquoted; hosts have no @.
std::string grant_statement(const mysql::ServerVersion& version, std::string_view account);

/// Throws Error(privilege_missing) with the GRANT for this very account.
void require_privileges(mysql::Connection& connection, const ServerFacts& facts);

/// The error of a statement that was refused for want of a privilege, with the GRANT for this very account.
Error privilege_error(mysql::Connection& connection, const ServerFacts& facts, std::string_view what);

/// Runs `body`; a missing privilege in it gets the cure.
template <class Body>
void with_privilege_cure(mysql::Connection& connection, const ServerFacts& facts, Body&& body) {
  try {
    std::forward<Body>(body)();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::privilege_missing) throw;
    throw privilege_error(connection, facts, error.message());
  }
}

}  // namespace cdc::capture
