#include "messages.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"
#include "names.h"
#include "payload.h"
#include "script.h"

namespace cdc::admin {
namespace {

constexpr std::size_t payload_columns_max = 1016;  // InnoDB's 1017 without id.
constexpr std::size_t row_bytes_max = 8126;        // Of InnoDB's pages of 16 KiB.

bool is_innodb(const TableFacts& table) noexcept { return table.engine == "InnoDB"; }

bool carries_names(const TableFacts& table, const std::vector<catalog::RegisteredColumn>& columns) {
  return carries_name(table.schema) && carries_name(table.table) &&
         std::ranges::all_of(columns, [](const auto& column) { return carries_name(column.name); });
}

}  // namespace

void require_version(const mysql::ServerVersion& version) {
  const bool mariadb = version.flavor == mysql::Flavor::mariadb;
  if (mariadb ? version.at_least(10, 2, 4) : version.at_least(8, 0)) return;
  throw Error{ErrorCode::server_unsupported, Remedy::operate,
              fmt::format("triggers need MySQL 8.0 or MariaDB 10.2.4: {} would number changes anew after a restart", version.text),
              "use the binlog: engine=binlog"};
}

void judge_server(const ServerFacts& server, std::vector<Notice>& refusals, std::vector<Notice>& warnings) {
  if (server.log_bin && !server.trusts_creators && !server.may_create) {
    refusals.push_back({"the server has a binlog: creating triggers needs more than the privilege TRIGGER there",
                        "SET GLOBAL log_bin_trust_function_creators = 1, or install with an account that has SUPER"});
  }
  if (server.read_only) refusals.push_back({"the server is read only", "install on the primary; triggers are replicated from there"});
  if (server.autoinc_lock_mode == 0) {
    warnings.push_back({"innodb_autoinc_lock_mode=0: writers of all captured tables will wait for each other's statements",
                        "innodb_autoinc_lock_mode=2 in the server's configuration"});
  }
  if (server.statement_format) {
    warnings.push_back(
        {"binlog_format=STATEMENT: every write of a captured table will get warning 1592, and replicas run the triggers themselves: "
         "read on the primary only",
         "SET GLOBAL binlog_format = 'ROW'"});
  }
}

void judge_table(const TableFacts& table, const std::vector<catalog::RegisteredColumn>& columns, bool mariadb,
                 std::vector<Notice>& refusals, std::vector<Notice>& warnings) {
  const std::string name = shown_table(table.schema, table.table);
  const std::string quoted = quoted_table(table.schema, table.table);
  const auto refuse = [&](std::string text, std::string cure) { refusals.push_back({fmt::format("{}: {}", name, text), std::move(cure)}); };
  if (!table.base_table) return refuse("is no base table", "capture the tables behind it");
  if (!carries_names(table, columns)) return refuse("a name has control characters, which SQL scripts do not carry", "rename it");
  if (!table.visible || table.columns.empty())
    return refuse("not all columns are visible to this account", fmt::format("GRANT SELECT ON {} TO …", quoted));
  if (!is_innodb(table)) {
    return refuse(fmt::format("engine {}: a ROLLBACK would take the change back and leave the row", table.engine),
                  fmt::format("ALTER TABLE {} ENGINE=InnoDB, or leave the table out", quoted));
  }
  if (std::ranges::none_of(columns, &catalog::RegisteredColumn::after))
    return refuse("columns.exclude leaves no column", "leave the table out");
  if (payload_column_count(columns) > payload_columns_max) {
    return refuse(fmt::format("{} payload columns, InnoDB takes {}", payload_column_count(columns), payload_columns_max),
                  "trigger.images=after, or columns.exclude");
  }
  if (const std::size_t bytes = payload_row_bytes(columns); bytes > row_bytes_max) {
    return refuse(
        fmt::format("a row before and after may need {} bytes of a page, InnoDB takes {}: writes would fail", bytes, row_bytes_max),
        "trigger.images=after, or columns.exclude");
  }
  if (table.identity.empty()) {
    warnings.push_back({fmt::format("{}: no primary key: records have the whole row as key{}", name,
                                    mariadb && !table.guarded.empty() ? ", and an UPDATE IGNORE that skips a row shows as a change" : ""),
                        fmt::format("ALTER TABLE {} ADD PRIMARY KEY …, or key.columns.{}", quoted, name)});
  }
}

}  // namespace cdc::admin
