#include "changelog_sequencer.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>

#include "cdc/base/error.h"
#include "cdc/catalog/fields.h"
#include "changelog_state.h"

namespace cdc::capture {
namespace {

constexpr std::size_t rows_per_statement_max = 5'000;

Error damaged(std::string what) {
  return Error{
      ErrorCode::changelog_layout, Remedy::operate, std::move(what),
      "let nothing but mysql-cdc and its triggers write to the changelog; then: mysql-cdc triggers uninstall, install, and a new snapshot"};
}

InboxRow inbox_row(mysql::RowView row) {
  const std::string op = catalog::text_of(row[2]);
  if (op != "I" && op != "U" && op != "D") throw damaged("the changelog's inbox has a row of an unknown kind");
  InboxRow out{catalog::number_of<std::uint64_t>(row[0]), catalog::number_of<std::uint32_t>(row[1]), op.front(), std::nullopt};
  if (row[3]) out.ts = *row[3];
  return out;
}

std::string insert_statement(mysql::Connection& connection, const catalog::ChangelogNames& names, std::uint64_t seq,
                             std::span<const InboxRow> rows) {
  std::string out = fmt::format("INSERT INTO {} (seq, id, tid, op, ts) VALUES ", names.quoted("log"));
  for (const InboxRow& row : rows)
    fmt::format_to(std::back_inserter(out), "{}({},{},{},'{}',{})", out.back() == ')' ? "," : "", seq++, row.id, row.tid, row.op,
                   row.ts ? connection.quote(*row.ts) : "NULL");
  return out;
}

void roll_back(mysql::Connection& connection) noexcept {
  try {
    connection.query("ROLLBACK");
  } catch (const Error&) {  // then the connection is gone, and the transaction with it
  }
}

/// One multi-row insert and its delete.
void move(mysql::Connection& connection, const catalog::ChangelogNames& names, std::uint64_t seq, std::span<const InboxRow> rows) {
  connection.query(insert_statement(connection, names, seq, rows));
  connection.query(fmt::format("DELETE i FROM {} l STRAIGHT_JOIN {} i FORCE INDEX (PRIMARY) ON i.id = l.id WHERE l.seq BETWEEN {} AND {}",
                               names.quoted("log"), names.quoted("inbox"), seq, seq + rows.size() - 1));
  const auto deleted = connection.query_value("SELECT ROW_COUNT()");
  if (deleted == std::to_string(rows.size())) return;
  throw damaged(
      fmt::format("{} rows of the changelog's inbox were to be numbered and {} were there", rows.size(), deleted.value_or("none")));
}

}  // namespace

ChangelogLock::ChangelogLock(mysql::Connection& connection, const catalog::ChangelogNames& names) : connection_{connection} {
  connection.query("START TRANSACTION");
  try {
    connection.query(fmt::format("SELECT next_seq, epoch FROM {} WHERE one = 1 FOR UPDATE", names.quoted("meta")), [&](mysql::RowView row) {
      next_seq_ = catalog::number_of<std::uint64_t>(row[0]);
      epoch_ = catalog::text_of(row[1]);
    });
    if (next_seq_ == 0) throw changelog_missing(names);
  } catch (const Error&) {
    roll_back(connection);
    throw;
  }
}

ChangelogLock::~ChangelogLock() {
  if (!committed_) roll_back(connection_);
}

void ChangelogLock::commit() {
  connection_.query("COMMIT");
  committed_ = true;
}

std::vector<InboxRow> read_inbox(mysql::Connection& connection, const catalog::ChangelogNames& names, std::size_t limit) {
  std::vector<InboxRow> out;
  connection.query(fmt::format("SELECT id, tid, op, ts FROM {} ORDER BY id LIMIT {}", names.quoted("inbox"), limit),
                   [&](mysql::RowView row) { out.push_back(inbox_row(row)); });
  return out;
}

std::uint64_t sequence_rows(mysql::Connection& connection, const catalog::ChangelogNames& names, std::uint64_t next_seq,
                            const std::vector<InboxRow>& rows) {
  std::span<const InboxRow> left{rows};
  while (!left.empty()) {
    const auto part = left.first(std::min(left.size(), rows_per_statement_max));
    move(connection, names, next_seq, part);
    next_seq += part.size();
    left = left.subspan(part.size());
  }
  connection.query(fmt::format("UPDATE {} SET next_seq = {} WHERE one = 1", names.quoted("meta"), next_seq));
  return next_seq;
}

std::size_t sequence_round(mysql::Connection& connection, const catalog::ChangelogNames& names, std::size_t limit) {
  ChangelogLock lock{connection, names};
  const std::vector<InboxRow> rows = read_inbox(connection, names, limit);
  if (rows.empty()) return 0;
  sequence_rows(connection, names, lock.next_seq(), rows);
  lock.commit();
  return rows.size();
}

}  // namespace cdc::capture
