#pragma once

/// What must be known of a server before its binlog is read, and whether it can be.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cdc/config/settings.h"
#include "cdc/config/table_rules.h"
#include "cdc/mysql/connection.h"

namespace cdc::capture {

/// One file of SHOW BINARY LOGS, oldest first.
struct LogFile {
  std::string name;
  std::uint64_t size_bytes = 0;
};

/// Where the log ends at one moment.
struct LogEnd {
  std::string file;
  std::uint64_t at = 0;
  std::string gtid;  ///< MySQL gtid_executed (without line breaks), MariaDB gtid_binlog_pos; empty without GTIDs.
};

struct ServerFacts {
  mysql::ServerVersion version;
  std::string uuid;  ///< MySQL server_uuid; MariaDB has none.
  std::uint32_t server_id = 0;
  bool gtid = false;           ///< MySQL gtid_mode=ON; MariaDB always.
  bool full_metadata = false;  ///< binlog_row_metadata=FULL right now (sessions may differ on MySQL).
  std::uint8_t lower_case_table_names = 0;
  /// For positions: the first 8 hex digits of the UUID (MySQL); the server id as 8 hex digits (MariaDB, which has no
  /// UUID: ids must differ among servers that replicate each other, and survive a restore).
  std::string fingerprint;
};

ServerFacts read_server_facts(mysql::Connection& connection);
/// The UUID; the id of a server that has none.
std::string server_name(const ServerFacts& facts);
/// log_bin, binlog_format, privileges: throws one Error that names what is missing and the exact statement
/// (binlog_disabled, binlog_format, privilege_missing). Warns of settings that this version will stop at later.
void require_readable_binlog(mysql::Connection& connection, const ServerFacts& facts);
/// Throws Error(cascade) naming the constraints and three cures, or logs one warning, by policy. Nothing on
/// MySQL that logs cascaded rows (9.6+ with innodb_native_foreign_keys=OFF).
void check_cascades(mysql::Connection& connection, const ServerFacts& facts, const config::TableRules& tables, config::Policy policy);
/// SHOW BINARY LOG STATUS / SHOW MASTER STATUS by version; file, offset and GTIDs belong to one moment.
/// Throws Error(privilege_missing, binlog_disabled).
LogEnd read_log_end(mysql::Connection& connection, const ServerFacts& facts);
/// The run of the server that this connection leads to: the same text until it starts anew, another ever after. Empty when it cannot be
/// told.
std::string read_process(mysql::Connection& connection);
std::vector<LogFile> list_log_files(mysql::Connection& connection);
/// Throws Error(server_id_conflict) when `id` is the server's own or that of a connected replica; one with our `uuid` is a run of
/// ours that the server has not seen end, and it ends it when the next one begins. For the start of a
/// run: after a lost link the server may still list our own for up to a heartbeat. Where the account may not
/// list replicas (MariaDB asks for REPLICATION MASTER ADMIN), the server's own check at the dump remains.
void check_server_id(mysql::Connection& connection, const ServerFacts& facts, std::uint32_t id, std::string_view uuid);

}  // namespace cdc::capture
