#include "changelog_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "changelog_state.h"

namespace cdc::capture {
namespace {

Error gone(const catalog::RegisteredTable& table) {
  return Error{
      ErrorCode::trigger_drift, Remedy::operate,
      fmt::format("`{}`.`{}` has unread changes and is not there any more, or not visible to this account", table.schema, table.table),
      fmt::format("GRANT SELECT ON `{}`.`{}` to this account; when it was dropped or renamed: leave it out of `tables` and start anew",
                  table.schema, table.table)};
}

/// Texts of columns in another charset are other bytes.
void require_charsets(const catalog::RegisteredTable& registered, const std::vector<catalog::RegisteredColumn>& now) {
  for (const catalog::RegisteredColumn& column : now) {
    const auto made =
        std::find_if(registered.columns.begin(), registered.columns.end(), [&](const auto& one) { return one.name == column.name; });
    if (made == registered.columns.end() || made->charset == column.charset) continue;
    throw Error{
        ErrorCode::trigger_drift, Remedy::operate,
        fmt::format("`{}`.`{}` column `{}` has the charset {}, and had {} when the triggers were made", registered.schema, registered.table,
                    column.name, column.charset, made->charset),
        fmt::format("mysql-cdc triggers upgrade URL --tables {}.{} --apply; then a new snapshot", registered.schema, registered.table)};
  }
}

void say_added(const ChangelogTable& table) {
  for (const std::string& column : table.added)
    log(LogLevel::warning,
        fmt::format(
            "`{}`.`{}` column `{}` is newer than the triggers and is not captured: mysql-cdc triggers upgrade --tables {}.{} --apply",
            table.schema.schema, table.schema.table, column, table.schema.schema, table.schema.table));
}

}  // namespace

void ChangelogTables::load(mysql::Connection& connection) {
  for (catalog::RegisteredTable& table : catalog::load_registry(connection, names_)) {
    const std::uint32_t tid = table.tid;
    known_[tid].registered = std::move(table);
  }
}

ChangelogTables::Known* ChangelogTables::known(mysql::Connection& connection, std::uint32_t tid) {
  if (!known_.contains(tid)) load(connection);
  const auto found = known_.find(tid);
  if (found != known_.end()) return &found->second;
  throw Error{ErrorCode::changelog_layout, Remedy::operate, fmt::format("the changelog's registry does not know tid {}", tid),
              "mysql-cdc triggers uninstall, then install, and a new snapshot"};
}

const ChangelogTable& ChangelogTables::build(mysql::Connection& connection, const catalog::RegisteredTable& registered) {
  const auto columns = catalog::load_registered_columns(connection, registered.schema, registered.table);
  const auto now = catalog::load_table(connection, registered.schema, registered.table);
  if (!now || columns.empty()) throw gone(registered);
  ChangelogTable table = build_changelog_table(registered, *now, connection.version().flavor, options_.settings, options_.columns);
  require_charsets(registered, columns);
  table.fingerprint = catalog::columns_text(columns);
  table.schema.id = options_.first_table_id + built_.size();
  say_added(table);
  return built_.emplace_back(std::move(table));
}

const ChangelogTable* ChangelogTables::find(mysql::Connection& connection, std::uint32_t tid) {
  Known& entry = *known(connection, tid);
  if (!options_.tables.matches(entry.registered.schema, entry.registered.table)) return nullptr;
  if (entry.table == nullptr) entry.table = &build(connection, entry.registered);
  return entry.table;
}

bool ChangelogTables::still_valid(mysql::Connection& connection, const std::vector<std::uint32_t>& tids) {
  bool valid = true;
  for (const std::uint32_t tid : tids) {
    Known& entry = *known(connection, tid);
    if (entry.table == nullptr) continue;
    const auto columns = catalog::load_registered_columns(connection, entry.registered.schema, entry.registered.table);
    if (catalog::columns_text(columns) == entry.table->fingerprint) continue;
    entry.table = nullptr;
    valid = false;
  }
  return valid;
}

void ChangelogTables::check_triggers(mysql::Connection& connection) {
  load(connection);
  for (const auto& [tid, entry] : known_) {
    const catalog::RegisteredTable& table = entry.registered;
    if (table.state == catalog::CaptureState::retired || !options_.tables.matches(table.schema, table.table)) continue;
    if (connection.query_value(catalog::trigger_md5_query(connection, names_, table)) == table.trigger_md5) continue;
    const std::string visible =
        fmt::format("SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = {} AND EVENT_OBJECT_TABLE = {}",
                    connection.quote(table.schema), connection.quote(table.table));
    if (connection.query_value(visible) == "0") {
      if (!blind_)
        log(LogLevel::warning,
            fmt::format(
                "the triggers of `{}`.`{}` cannot be verified: they are not there, or this account lacks the privilege TRIGGER on it",
                table.schema, table.table));
      blind_ = true;
      continue;
    }
    throw Error{ErrorCode::trigger_drift, Remedy::operate,
                fmt::format("the triggers of `{}`.`{}` are not those that were installed (tid {}): changes may have been missed",
                            table.schema, table.table, tid),
                fmt::format("mysql-cdc triggers upgrade URL --tables {}.{} --apply; then a new snapshot", table.schema, table.table)};
  }
}

std::vector<std::pair<std::string, std::string>> ChangelogTables::active(mysql::Connection& connection) {
  load(connection);
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [tid, entry] : known_)
    if (entry.registered.state == catalog::CaptureState::active) out.emplace_back(entry.registered.schema, entry.registered.table);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace cdc::capture
