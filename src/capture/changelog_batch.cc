#include "changelog_batch.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"
#include "cdc/catalog/fields.h"

namespace cdc::capture {
namespace {

constexpr std::size_t bytes_wanted = std::size_t{1} << 20, bytes_max = std::size_t{8} << 20;
constexpr int rereads_max = 5;

ChangelogEntry entry_of(mysql::RowView row) {
  const std::string_view op = row[3].value_or(std::string_view{});
  return {catalog::number_of<std::uint64_t>(row[0]), catalog::number_of<std::uint64_t>(row[1]), catalog::number_of<std::uint32_t>(row[2]),
          op.empty() ? '?' : op.front(), catalog::number_of<std::uint64_t>(row[4])};
}

}  // namespace

ChangelogBatch::Part& ChangelogBatch::part_of(std::uint32_t tid) {
  if (last_part_ < parts_.size() && parts_[last_part_].tid == tid) return parts_[last_part_];
  for (last_part_ = 0; last_part_ < parts_.size(); ++last_part_)
    if (parts_[last_part_].tid == tid) return parts_[last_part_];
  parts_.push_back({.tid = tid, .table = nullptr, .entries = 0, .rows = {}});
  return parts_.back();
}

void ChangelogBatch::read_headers(mysql::Connection& connection, const Origin& from) {
  entries_.clear();
  for (Part& part : parts_) part.entries = 0, part.table = nullptr, part.rows.clear();
  connection.query(
      fmt::format("SELECT {}, id, tid, op, CAST(UNIX_TIMESTAMP(ts) * 1000000 AS UNSIGNED) FROM {} WHERE {} > {} ORDER BY {} LIMIT {}",
                  from.seq, from.table, from.key, from.after, from.key, limit_),
      [&](mysql::RowView row) { entries_.push_back(entry_of(row)); });
  for (const ChangelogEntry& entry : entries_) ++part_of(entry.tid).entries;
  full_ = entries_.size() == limit_;
}

void ChangelogBatch::keep(Part& part, mysql::PackedRow row) {
  bytes_ += row.size();
  if (bytes_ > bytes_max && part.rows.size() != 0) {
    too_large_ = true;
    limit_ = std::max<std::size_t>(1, limit_ / 16);
    throw Error{ErrorCode::connection_lost, Remedy::retry, "rows of the changelog are larger than those before"};
  }
  part.rows.add(row);
}

void ChangelogBatch::read_rows(mysql::Connection& connection, const catalog::ChangelogNames& names, const Origin& from, Part& part) {
  const bool by_seq = from.key == "seq";
  const auto key = [&](const ChangelogEntry& entry) { return by_seq ? entry.seq : entry.id; };
  connection.query_packed(
      fmt::format("SELECT {1}, {2} FROM {3} l FORCE INDEX (PRIMARY) STRAIGHT_JOIN {4} r FORCE INDEX (PRIMARY) ON r.id = l.id "
                  "WHERE l.{0} BETWEEN {5} AND {6} AND l.tid = {7} ORDER BY l.{0}",
                  from.key, part.table->before.list, part.table->after.list, from.table, names.payload(part.tid), key(entries_.front()),
                  key(entries_.back()), part.tid),
      [&](mysql::PackedRows rows) {
        for (const mysql::PackedRow row : rows) keep(part, row);
      });
  if (part.rows.size() == part.entries) return;
  throw Error{ErrorCode::changelog_layout, Remedy::operate,
              fmt::format("{} has {} rows for {} entries of the changelog", names.payload(part.tid), part.rows.size(), part.entries),
              "let nothing but mysql-cdc and its triggers write to the changelog; start anew with a snapshot"};
}

void ChangelogBatch::read(mysql::Connection& connection, const catalog::ChangelogNames& names, ChangelogTables& tables,
                          const Origin& from) {
  for (int attempt = 0; attempt < rereads_max; ++attempt) {
    bytes_ = 0;
    read_headers(connection, from);
    std::vector<std::uint32_t> tids;
    for (Part& part : parts_) {
      if (part.entries == 0) continue;
      part.table = tables.find(connection, part.tid);
      if (part.table == nullptr) continue;
      tids.push_back(part.tid);
      read_rows(connection, names, from, part);
    }
    if (tables.still_valid(connection, tids)) return adapt();
  }
  throw Error{ErrorCode::schema_outdated, Remedy::retry, "tables change faster than their changelog can be read"};
}

void ChangelogBatch::adapt() {
  if (bytes_ > 4 * bytes_wanted) limit_ = std::max<std::size_t>(1, limit_ / 2);
  if (full_ && bytes_ < bytes_wanted) limit_ = std::min(entries_max, limit_ * 2);
}

void ChangelogBatch::read_log(mysql::Connection& connection, const catalog::ChangelogNames& names, ChangelogTables& tables,
                              std::uint64_t after_seq) {
  read(connection, names, tables, {names.quoted("log"), "seq", "seq", after_seq});
}

void ChangelogBatch::read_inbox(mysql::Connection& connection, const catalog::ChangelogNames& names, ChangelogTables& tables,
                                std::uint64_t after_id) {
  read(connection, names, tables, {names.quoted("inbox"), "id", "0", after_id});
}

}  // namespace cdc::capture
