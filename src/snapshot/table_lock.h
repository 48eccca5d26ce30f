#pragma once

/// A bounded LOCK TABLES … READ on a connection of its own.

#include <span>
#include <stop_token>

#include "cdc/mysql/connection.h"
#include "cdc/snapshot/views.h"

namespace cdc::snapshot {

/// Held while it lives; with the connection, or the process, it goes.
class TableLock {
 public:
  /// Waits for the tables (at least one) up to `limit`, and ends the wait on the server when that is over or `stop` is requested. Should
  /// the process die while it waits, the server ends the wait of a table by itself after `limit`, rounded up to seconds. Throws Error:
  /// snapshot_lock, privilege_missing with the GRANT, connection_lost on a stop.
  TableLock(const mysql::Endpoint& endpoint, std::span<const TableName> tables, std::chrono::milliseconds limit,
            const std::stop_token& stop);

  /// UNLOCK TABLES; the lock is gone when it returns.
  void release();

 private:
  void wait(mysql::Connection& killer, std::chrono::milliseconds limit, const std::stop_token& stop);

  mysql::Connection connection_;
};

/// ``LOCK TABLES `a`.`b` READ, …``
std::string lock_statement(std::span<const TableName> tables);
/// `SET SESSION lock_wait_timeout = …`: whole seconds, rounded up.
std::string lock_wait_statement(std::chrono::milliseconds limit);

}  // namespace cdc::snapshot
