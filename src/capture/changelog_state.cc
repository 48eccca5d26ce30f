#include "changelog_state.h"

#include <fmt/format.h>

#include "cdc/catalog/fields.h"

namespace cdc::capture {
namespace {

constexpr std::uint32_t known_layout = 1;
constexpr std::string_view start_anew = "start anew: the connector without its position and with snapshot.mode=initial";

ChangelogState state_of(mysql::RowView row) {
  const auto layout = catalog::number_of<std::uint32_t>(row[0]);
  if (layout != known_layout)
    throw Error{ErrorCode::changelog_layout, Remedy::operate,
                fmt::format("the changelog has layout {}; this program knows {}", layout, known_layout),
                "use the version of mysql-cdc that installed it, or: mysql-cdc triggers upgrade"};
  return {catalog::text_of(row[1]), catalog::number_of<std::uint64_t>(row[2]), catalog::number_of<std::uint64_t>(row[3]),
          catalog::text_of(row[4]) == "1"};
}

std::optional<ChangelogState> query_state(mysql::Connection& connection, const catalog::ChangelogNames& names) {
  std::optional<ChangelogState> out;
  connection.query(fmt::format("SELECT layout, epoch, next_seq, purged_seq, EXISTS(SELECT 1 FROM {}) FROM {} WHERE one = 1",
                               names.quoted("inbox"), names.quoted("meta")),
                   [&](mysql::RowView row) { out = state_of(row); });
  return out;
}

Error other_changelog(std::string what) {
  return Error{ErrorCode::changelog_position, Remedy::operate, std::move(what), std::string{start_anew}};
}

Error purged(std::uint64_t position_seq, std::uint64_t purged_seq) {
  return Error{ErrorCode::changelog_purged, Remedy::operate,
               fmt::format("the changes behind the position's {} are purged up to {}", position_seq, purged_seq),
               fmt::format("{}; then raise trigger.retention above the longest pause of this connector", start_anew)};
}

}  // namespace

Error changelog_missing(const catalog::ChangelogNames& names) {
  return Error{ErrorCode::changelog_missing, Remedy::operate, fmt::format("there is no changelog {}", names.quoted("meta")),
               "mysql-cdc triggers install URL --tables … --apply; or say where it is: trigger.schema, trigger.prefix"};
}

std::optional<ChangelogState> find_changelog(mysql::Connection& connection, const catalog::ChangelogNames& names) {
  if (names.schema.empty()) return std::nullopt;
  const auto there =
      connection.query_value(fmt::format("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND TABLE_NAME = {}",
                                         connection.quote(names.schema), connection.quote(names.prefix + "meta")));
  if (there == "0") return std::nullopt;
  return query_state(connection, names);
}

ChangelogState read_changelog(mysql::Connection& connection, const catalog::ChangelogNames& names) {
  if (auto state = query_state(connection, names)) return *std::move(state);
  throw changelog_missing(names);
}

std::optional<std::uint64_t> id_of_entry(mysql::Connection& connection, const catalog::ChangelogNames& names, std::uint64_t seq) {
  std::optional<std::uint64_t> out;
  connection.query(fmt::format("SELECT id FROM {} WHERE seq = {}", names.quoted("log"), seq),
                   [&](mysql::RowView row) { out = catalog::number_of<std::uint64_t>(row[0]); });
  return out;
}

void check_position(mysql::Connection& connection, const catalog::ChangelogNames& names, const ChangelogState& state,
                    const ChangelogPosition& position) {
  if (position.epoch != state.epoch)
    throw other_changelog(
        fmt::format("the position is of the changelog {}, and this one is {}: it was installed anew", position.epoch, state.epoch));
  if (position.seq >= state.next_seq)
    throw other_changelog(
        fmt::format("the position is at {}, and the changelog ends before {}: it was restored", position.seq, state.next_seq));
  const bool whole = position.n == 0 || position.snap.has_value();
  if (position.seq < state.purged_seq || (position.seq == state.purged_seq && !whole)) throw purged(position.seq, state.purged_seq);
  if (position.id == 0 || position.seq <= state.purged_seq) return;
  const auto id = id_of_entry(connection, names, position.seq);
  if (!id) throw purged(position.seq, position.seq);
  if (*id != position.id)
    throw other_changelog(fmt::format("entry {} of the changelog is not the position's: it was restored", position.seq));
}

void set_up_session(mysql::Connection& connection) {
  const bool by_statement = connection.query_value("SELECT @@GLOBAL.log_bin AND @@SESSION.binlog_format = 'STATEMENT'") == "1";
  connection.query(fmt::format("SET SESSION TRANSACTION ISOLATION LEVEL {}", by_statement ? "REPEATABLE READ" : "READ COMMITTED"));
  connection.query("SET SESSION innodb_lock_wait_timeout = 5, SESSION lock_wait_timeout = 30, SESSION character_set_results = NULL");
}

}  // namespace cdc::capture
