#include "changelog_watch.h"

#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/catalog/fields.h"

namespace cdc::capture {
namespace {

/// A comparison of the key in the table `x` with the one in the payload `p`; empty when there is no key. Texts of a payload have their
/// charset's own collation, which compares with no other.
std::string same_key(mysql::Connection& connection, const ChangelogTable& table, std::string_view x, std::string_view p, char image) {
  std::map<std::string, std::string> collations;
  connection.query(
      fmt::format("SELECT COLUMN_NAME, COLLATION_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = {} AND TABLE_NAME = {} AND "
                  "COLLATION_NAME IS NOT NULL",
                  connection.quote(table.schema.schema), connection.quote(table.schema.table)),
      [&](mysql::RowView row) { collations[catalog::text_of(row[0])] = catalog::text_of(row[1]); });
  std::string out;
  for (const std::size_t slot : table.schema.key) {
    const std::string& name = table.schema.columns[slot].name;
    const auto collation = collations.find(name);
    out += fmt::format("{}{}.{} <=> {}.`{}{}`{}", out.empty() ? "" : " AND ", x, mysql::quote_name(name), p, image, table.places[slot],
                       collation == collations.end() ? "" : " COLLATE " + collation->second);
  }
  return out;
}

std::string same_payload_key(const ChangelogTable& table) {
  std::string out;
  for (const std::size_t slot : table.schema.key)
    out += fmt::format("{0}later.`b{1}` <=> p.`a{1}`", out.empty() ? "" : " AND ", table.places[slot]);
  return out;
}

/// One row: whether the row is in the table, and whether an entry behind took it away.
std::string statement_of(mysql::Connection& connection, const catalog::ChangelogNames& names, std::uint32_t tid,
                         const ChangelogTable& table) {
  if (table.schema.key_kind != KeyKind::primary) return {};
  return fmt::format(
      "SELECT EXISTS(SELECT 1 FROM {} x WHERE {}), EXISTS(SELECT 1 FROM {} later WHERE later.id > p.id AND {}) FROM {} p WHERE p.id = ",
      mysql::quote_name(table.schema.schema) + '.' + mysql::quote_name(table.schema.table), same_key(connection, table, "x", "p", 'a'),
      names.payload(tid), same_payload_key(table), names.payload(tid));
}

}  // namespace

bool ChangelogWatch::is_gone(mysql::Connection& connection, std::uint32_t tid, Seen& seen) const {
  if (seen.made_for != seen.table) seen.statement = statement_of(connection, names_, tid, *seen.table);
  seen.made_for = seen.table;
  if (seen.statement.empty() || seen.id == 0) return false;
  bool gone = false;
  connection.query(fmt::format("{}{}", seen.statement, seen.id),
                   [&](mysql::RowView row) { gone = catalog::text_of(row[0]) == "0" && catalog::text_of(row[1]) == "0"; });
  return gone;
}

void ChangelogWatch::report(const std::string& table, std::string_view how) const {
  const std::string what = fmt::format("rows of {} went without its triggers: {}", table, how);
  if (policy_ == config::Policy::warn) return log(LogLevel::warning, what);
  throw Error{ErrorCode::changelog_bypass, Remedy::operate, what,
              "start anew with a snapshot, or go on without those rows: trigger.onBypass=warn; empty tables with DELETE"};
}

void ChangelogWatch::check_counters(mysql::Connection& connection) {
  if (connection.version().flavor == mysql::Flavor::mysql) connection.query("SET SESSION information_schema_stats_expiry = 0");
  for (auto& [tid, seen] : seen_) {
    if (seen.table == nullptr) continue;
    const auto name = std::pair{seen.table->schema.schema, seen.table->schema.table};
    const auto text = connection.query_value(
        fmt::format("SELECT AUTO_INCREMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND TABLE_NAME = {}",
                    connection.quote(name.first), connection.quote(name.second)));
    const auto now = catalog::number_of<std::uint64_t>(text ? std::optional{std::string_view{*text}} : std::nullopt);
    auto& last = counters_[name];
    const bool emptied = seen.id == 0 && last > 1 && now <= 1;
    last = now;
    if (emptied) report(qualified_name(seen.table->schema), "its AUTO_INCREMENT went back to the beginning, as after TRUNCATE");
  }
}

void ChangelogWatch::check(mysql::Connection& connection) {
  for (auto& [tid, seen] : seen_) {
    if (seen.table == nullptr || !is_gone(connection, tid, seen)) continue;
    seen.id = 0;
    report(qualified_name(seen.table->schema),
           "a row that was delivered is not there, and no change took it (TRUNCATE, a partition, a cascade)");
  }
  check_counters(connection);
}

}  // namespace cdc::capture
