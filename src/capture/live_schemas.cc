#include "live_schemas.h"

#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/binlog/statement.h"

namespace cdc::capture {
namespace {

constexpr std::int64_t us_per_second = 1'000'000;
constexpr std::int64_t clock_slack_s = 2;  // CREATE_TIME is whole seconds, taken a moment off the statement's own
constexpr std::size_t seen_ddl_count_max = 10'000;
constexpr std::string_view cure_full = "SET GLOBAL binlog_row_metadata=FULL, then start from a position after that";

}  // namespace

LiveSchemas::LiveSchemas(const mysql::Endpoint& endpoint, const ServerFacts& facts, LogPlace began, std::int64_t began_at_s,
                         TableVersions* versions, config::Policy drift, std::stop_token stop)
    : endpoint_{endpoint},
      facts_{facts},
      began_{std::move(began)},
      began_at_s_{began_at_s},
      drift_{drift},
      stop_{std::move(stop)},
      versions_{versions} {}

/// The query link may have idled out since it was last used: one fresh try.
template <class Use>
void LiveSchemas::with_connection(Use&& use) {
  const bool fresh = !connection_;
  if (fresh) connection_.emplace(endpoint_, stop_);
  try {
    use(*connection_);
  } catch (const Error& error) {
    connection_.reset();
    if (fresh || error.remedy() != Remedy::retry || stop_.stop_requested()) throw;
    connection_.emplace(endpoint_, stop_);
    use(*connection_);
  }
}

bool LiveSchemas::still_right(const Name& name, const Entry& entry, const LogPlace& row) const {
  if (!before(row, entry.loaded_at)) return !history_.changed_after(name.first, name.second, entry.loaded_at);
  const bool skimmed = !skimmed_until_.file.empty() && !before(row, skimmed_from_) && !before(skimmed_until_, entry.loaded_at);
  return skimmed && !history_.changed_after(name.first, name.second, row);
}

LiveSchemas::Entry LiveSchemas::load(const Name& name) {
  Entry entry;
  with_connection([&](mysql::Connection& connection) {
    std::string process = versions_ != nullptr ? read_process(connection) : std::string{};
    auto table = catalog::load_table(connection, name.first, name.second);
    if (!table)
      throw Error{ErrorCode::schema_missing, Remedy::operate,
                  "the log has no column names and the table is not (or no longer) visible to this account",
                  fmt::format("GRANT SELECT on it, or {}", cure_full)};
    const LogEnd end = read_log_end(connection, facts_);
    entry = {std::move(*table), {end.file, end.at}, 0};
    if (process != process_) process_ = std::move(process), process_from_ = entry.loaded_at;
  });
  return entry;
}

std::string LiveSchemas::process_now() {
  std::string process;
  with_connection([&](mysql::Connection& connection) { process = read_process(connection); });
  return process;
}

const catalog::CatalogTable* LiveSchemas::recall(const binlog::TableMap& map, const LogPlace& row) {
  if (versions_ == nullptr) return nullptr;
  const auto found = versions_->find(server_name(facts_), map, row);
  return found && process_now() == found->process ? &found->table : nullptr;
}

/// Only of rows that the server's present run wrote, which the log's end is of.
void LiveSchemas::remember(const binlog::TableMap& map, const LogPlace& row, const catalog::CatalogTable& table) {
  if (versions_ == nullptr || !same_run_reaches(process_from_, row)) return;
  const std::string server = server_name(facts_);
  if (versions_->wants(server, process_, map) && process_now() == process_) versions_->keep(server, process_, map, row, table);
}

void LiveSchemas::skim_until(const LogPlace& row, const LogPlace& end) {
  if (!before(row, end)) return;
  const bool joins = !skimmed_until_.file.empty() && !before(row, skimmed_from_);
  const LogPlace from = joins && before(row, skimmed_until_) ? skimmed_until_ : row;
  if (before(from, end)) skim(history_, endpoint_, facts_, from, end, stop_);
  if (!joins) skimmed_from_ = row;
  skimmed_until_ = end;
}

/// The columns may be others than the row's.
void LiveSchemas::report_drift(const Name& name, std::string_view why) {
  if (drift_ == config::Policy::fail)
    throw Error{ErrorCode::schema_outdated, Remedy::operate, fmt::format("{}, and the log has no column names", why),
                fmt::format("{}; or onUnsupported.schemaDrift=warn, which uses the names that the table has now", cure_full)};
  if (!drifted_.insert(name).second) return;
  log(LogLevel::warning, fmt::format("MYC{}: `{}`.`{}`: {}, and the log has no column names: they are the table's of now, and may be wrong",
                                     static_cast<unsigned>(ErrorCode::schema_outdated), name.first, name.second, why));
}

bool LiveSchemas::is_older(const Name& name, const Entry& entry, const RowTime& when) const {
  const std::int64_t created_at_s = entry.table.created_at_s;
  const auto committed_at_s = static_cast<std::int64_t>(when.committed_at_us / us_per_second);
  if (created_at_s == 0 || committed_at_s > created_at_s) return true;
  if (!before(when.place, began_) && created_at_s <= began_at_s_) return true;
  const auto seen = seen_.find(name);
  return seen != seen_.end() && before(seen->second.place, when.place) && created_at_s >= seen->second.first_s &&
         created_at_s <= seen->second.last_s;
}

const catalog::CatalogTable* LiveSchemas::find(const binlog::TableMap& map, const RowTime& when) {
  const Name name{map.schema, map.table};
  auto it = entries_.find(name);
  bool sure = true;
  if (it == entries_.end() || it->second.table_id != map.table_id || !still_right(name, it->second, when.place)) {
    if (const auto* kept = recall(map, when.place)) return kept;
    Entry entry = load(name);
    entry.table_id = map.table_id;
    skim_until(when.place, entry.loaded_at);
    sure = !history_.changed_after(name.first, name.second, when.place);
    if (!sure) report_drift(name, "DDL on the table follows this row in the log");
    it = entries_.insert_or_assign(name, std::move(entry)).first;
  }
  if (sure && !is_older(name, it->second, when)) sure = false, report_drift(name, "the table was altered after this row was logged");
  if (sure) remember(map, when.place, it->second.table);
  return &it->second.table;
}

const catalog::CatalogTable* LiveSchemas::now(const binlog::TableMap& map) {
  now_.reset();
  try {
    with_connection([&](mysql::Connection& connection) { now_ = catalog::load_table(connection, map.schema, map.table); });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::column_unsupported) throw;  // the log's own names do without the catalog
  }
  return now_ ? &*now_ : nullptr;
}

void LiveSchemas::on_statement(const StatementText& statement, const RowTime& when) {
  add_statement(history_, statement.sql, statement.dialect, statement.default_schema, when.place);
  if (seen_.size() >= seen_ddl_count_max) seen_.clear();
  const auto at_s = static_cast<std::int64_t>(when.committed_at_us / us_per_second);
  for (const binlog::TableName& name : binlog::named_tables(statement.sql, statement.dialect, statement.default_schema))
    seen_[{name.schema, name.table}] = {when.place, at_s - clock_slack_s, at_s + statement.execution_s + clock_slack_s};
}

}  // namespace cdc::capture
