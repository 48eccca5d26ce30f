#include "server_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/catalog/fields.h"
#include "privileges.h"

namespace cdc::capture {
namespace {

using catalog::number_of;
using catalog::text_of;

/// Global variables by name; those that the server does not have are missing.
std::map<std::string, std::string> global_variables(mysql::Connection& connection, std::string_view quoted_names) {
  std::map<std::string, std::string> out;
  connection.query(fmt::format("SHOW GLOBAL VARIABLES WHERE Variable_name IN ({})", quoted_names),
                   [&](mysql::RowView row) { out[text_of(row[0])] = text_of(row[1]); });
  return out;
}

bool is_on(std::string_view value) noexcept { return value == "ON" || value == "1"; }

std::string without_line_breaks(std::string text) {
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
  return text;
}

Error binlog_disabled() {
  return Error{ErrorCode::binlog_disabled, Remedy::operate, "the server writes no binlog (log_bin=OFF)",
               "add to the server's my.cnf under [mysqld]: log_bin=binlog, server_id=1, binlog_format=ROW; then restart it"};
}

void require_row_format(mysql::Connection& connection) {
  const auto variables = global_variables(connection, "'log_bin', 'binlog_format'");
  const auto log_bin = variables.find("log_bin");
  if (log_bin != variables.end() && !is_on(log_bin->second)) throw binlog_disabled();
  const auto format = variables.find("binlog_format");  // gone where ROW is all there is
  if (format == variables.end() || format->second == "ROW") return;
  throw Error{ErrorCode::binlog_format, Remedy::operate,
              fmt::format("binlog_format={}: changes can be logged as statements instead of rows", format->second),
              "SET GLOBAL binlog_format=ROW; then reconnect the applications (open sessions keep the old format) and put "
              "binlog_format=ROW into my.cnf"};
}

std::string_view log_end_statement(const mysql::ServerVersion& version) noexcept {
  const bool renamed = version.flavor == mysql::Flavor::mysql && version.at_least(8, 2);
  return renamed ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
}

std::string_view replicas_statement(const mysql::ServerVersion& version) noexcept {
  const bool renamed = version.flavor == mysql::Flavor::mysql && version.at_least(8, 0, 22);
  return renamed ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS";
}

}  // namespace

ServerFacts read_server_facts(mysql::Connection& connection) {
  auto variables = global_variables(connection, "'server_id', 'server_uuid', 'gtid_mode', 'binlog_row_metadata', 'lower_case_table_names'");
  ServerFacts facts;
  facts.version = connection.version();
  facts.uuid = variables["server_uuid"];
  facts.server_id = number_of<std::uint32_t>(variables["server_id"]);
  facts.full_metadata = variables["binlog_row_metadata"] == "FULL";
  facts.lower_case_table_names = number_of<std::uint8_t>(variables["lower_case_table_names"]);
  const bool mariadb = facts.version.flavor == mysql::Flavor::mariadb;
  facts.gtid = mariadb || variables["gtid_mode"] == "ON";
  facts.fingerprint = mariadb || facts.uuid.size() < 8 ? fmt::format("{:08x}", facts.server_id) : facts.uuid.substr(0, 8);
  return facts;
}

std::string server_name(const ServerFacts& facts) { return facts.uuid.empty() ? fmt::format("{}", facts.server_id) : facts.uuid; }

/// Which server, and the second of its start by its own clock. UNIX_TIMESTAMP and Uptime count from the same clock, so their
/// difference stays as it is; asked twice because they cannot be asked for in one statement.
std::string read_process(mysql::Connection& connection) {
  constexpr int attempts_max = 5;
  auto names = global_variables(connection, "'server_id', 'server_uuid'");
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    const auto first = connection.query_value("SELECT UNIX_TIMESTAMP()");
    std::string uptime;
    connection.query("SHOW GLOBAL STATUS LIKE 'Uptime'", [&](mysql::RowView row) { uptime = text_of(row[1]); });
    const auto second = connection.query_value("SELECT UNIX_TIMESTAMP()");
    if (!first || first != second || uptime.empty()) continue;
    const auto started_at_s = number_of<std::int64_t>(*first) - number_of<std::int64_t>(uptime);
    return fmt::format("{}/{}/{}", names["server_uuid"], names["server_id"], started_at_s);
  }
  return {};
}

void require_readable_binlog(mysql::Connection& connection, const ServerFacts& facts) {
  require_row_format(connection);
  require_privileges(connection, facts);
}

LogEnd read_log_end(mysql::Connection& connection, const ServerFacts& facts) {
  constexpr std::size_t executed_gtid_set = 4;
  LogEnd end;
  with_privilege_cure(connection, facts, [&] {
    connection.query(log_end_statement(facts.version), [&](mysql::RowView row) {
      end.file = text_of(row[0]);
      end.at = number_of<std::uint64_t>(row[1]);
      if (row.size() > executed_gtid_set) end.gtid = without_line_breaks(text_of(row[executed_gtid_set]));
    });
  });
  if (end.file.empty()) throw binlog_disabled();
  if (facts.version.flavor == mysql::Flavor::mariadb) {
    end.gtid = connection.query_value(fmt::format("SELECT BINLOG_GTID_POS({}, {})", connection.quote(end.file), end.at)).value_or("");
  }
  return end;
}

std::vector<LogFile> list_log_files(mysql::Connection& connection) {
  std::vector<LogFile> files;
  connection.query("SHOW BINARY LOGS", [&](mysql::RowView row) { files.push_back({text_of(row[0]), number_of<std::uint64_t>(row[1])}); });
  return files;
}

void check_server_id(mysql::Connection& connection, const ServerFacts& facts, std::uint32_t id, std::string_view uuid) {
  constexpr std::size_t uuid_column = 4;  // of MySQL; MariaDB has none
  const auto conflict = [&](std::string_view with) {
    throw Error{ErrorCode::server_id_conflict, Remedy::operate, fmt::format("server id {} is {}", id, with),
                "set serverId to a number that no server and no replica here has"};
  };
  if (id == facts.server_id) conflict("the server's own");
  bool taken = false;
  try {
    connection.query(replicas_statement(facts.version), [&](mysql::RowView row) {
      const bool ours = row.size() > uuid_column && row[uuid_column] == uuid;
      taken |= !ours && number_of<std::uint32_t>(row[0]) == id;
    });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::privilege_missing) throw;
  }
  if (taken) conflict("that of a connected replica");
}

}  // namespace cdc::capture
