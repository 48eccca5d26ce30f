#pragma once

/// What is said of tables and servers that triggers cannot, or should better not, be used on. Pure.

#include <vector>

#include "cdc/admin/triggers.h"
#include "server_facts.h"
#include "table_facts.h"

namespace cdc::admin {

/// Throws Error(server_unsupported) below MySQL 8.0 and MariaDB 10.2.4: there the inbox's counter would begin anew after a restart.
void require_version(const mysql::ServerVersion& version);

/// What keeps the server from having triggers made.
void judge_server(const ServerFacts& server, std::vector<Notice>& refusals, std::vector<Notice>& warnings);

/// What keeps the table from being captured as `columns` say, and what its owner should know.
void judge_table(const TableFacts& table, const std::vector<catalog::RegisteredColumn>& columns, bool mariadb,
                 std::vector<Notice>& refusals, std::vector<Notice>& warnings);

}  // namespace cdc::admin
