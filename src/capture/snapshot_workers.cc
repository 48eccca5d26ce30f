#include "snapshot_workers.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>

#include "cdc/base/error.h"
#include "cdc/catalog/fields.h"
#include "cdc/select/table_reader.h"

namespace cdc::capture {
namespace {

constexpr std::uint64_t rank_max = std::numeric_limits<std::uint64_t>::max();

std::uint64_t saturated_sum(std::uint64_t a, std::uint64_t b) noexcept { return a > rank_max - b ? rank_max : a + b; }

/// A savepoint's rollback gives back the metadata locks taken since then, for which ALTER TABLE would wait; the view stays, whose
/// statements are all SELECT. So on MySQL. MariaDB keeps them until the view ends (seen with 10.11 and 11.8, binlog on).
constexpr std::string_view begin_reading = "SAVEPOINT mysql_cdc", end_reading = "ROLLBACK TO SAVEPOINT mysql_cdc";

/// A statement that fails on a table that could be read a moment ago: it was altered, dropped, renamed or truncated.
Error as_changed(const Error& error, const std::pair<std::string, std::string>& table) {
  const std::string name = fmt::format("`{}`.`{}`", table.first, table.second);
  if (error.code() != ErrorCode::query_failed) {
    Error framed = error;
    framed.add_frame(name);
    return framed;
  }
  return {ErrorCode::snapshot_table, Remedy::retry,
          fmt::format("{}: cannot be read in the snapshot's view any more: {}", name, error.message()),
          "leave the table as it is (no ALTER, DROP, RENAME, TRUNCATE) while the snapshot runs, then start again"};
}

}  // namespace

SnapshotWorkers::SnapshotWorkers(snapshot::Views& views, SnapshotTables& tables, snapshot::RangeBoard& board, SnapshotEmitter& emitter,
                                 std::uint64_t chunk_rows)
    : views_{views}, tables_{tables}, board_{board}, emitter_{emitter}, chunk_rows_{chunk_rows} {
  widths_.resize(tables.names().size());
  for (Widths& one : widths_) one.width = chunk_rows;
}

bool SnapshotWorkers::run(std::stop_source ending, ChangeSink& sink,
                          const std::function<void(const SnapshotProgressCounts&)>& every_second) {
  const std::stop_token stop = ending.get_token();
  working_ = views_.count();
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < views_.count(); ++i) {
    threads.emplace_back([this, i, stop, ending]() mutable {
      try {
        work(views_.connection(i), stop);
      } catch (...) {
        const std::scoped_lock lock{mutex_};
        if (!failure_ && !stop.stop_requested()) failure_ = std::current_exception();
        ending.request_stop();
      }
      const std::scoped_lock lock{mutex_};
      --working_;
      changed_.notify_all();
    });
  }
  std::unique_lock lock{mutex_};
  std::uint64_t batches_seen = 0;
  try {
    while (!changed_.wait_for(lock, std::chrono::seconds{1}, [&] { return working_ == 0; })) {
      if (batches_seen == batches_ && !stop.stop_requested()) sink.on_idle();
      batches_seen = batches_;
      const SnapshotProgressCounts counts{board_.tables_begun(), tables_.names().size(), emitter_.rows()};
      lock.unlock();
      every_second(counts);
      lock.lock();
    }
  } catch (...) {
    ending.request_stop();
    throw;
  }
  if (failure_) std::rethrow_exception(failure_);
  return !stop.stop_requested();
}

void SnapshotWorkers::work(mysql::Connection& connection, const std::stop_token& stop) {
  const select::TableReader pins_the_session{connection};
  connection.query(begin_reading);
  while (Range* const range = take(stop)) {
    const std::size_t index = range->table;  // the range goes when it is delivered
    try {
      const SnapshotTable& table = tables_.get(index, connection);
      check_bounds(*range, table);
      divide(*range, table, connection);
      read(*range, table, connection);
      connection.query(end_reading);
    } catch (const Error& error) {
      if (stop.stop_requested()) throw;
      throw as_changed(error, tables_.names()[index]);
    }
  }
}

SnapshotWorkers::Range* SnapshotWorkers::take(const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  Range* range = nullptr;
  changed_.wait(lock, stop, [&] { return (range = board_.take()) != nullptr || !board_.may_get_more(); });
  return stop.stop_requested() ? nullptr : range;
}

/// Keys from before a table was altered mean nothing now: it is read again as a whole.
void SnapshotWorkers::check_bounds(Range& range, const SnapshotTable& table) {
  const auto fits = [&](const std::string& packed) { return packed.empty() || (table.key && table.key->unpack(packed)); };
  if (fits(range.next) && fits(range.high)) return;
  const std::scoped_lock lock{mutex_};
  range.next.clear();
  range.high.clear();
}

/// Without a cut the range is read to its end by its taker.
void SnapshotWorkers::divide(Range& range, const SnapshotTable& table, mysql::Connection& connection) {
  auto cut = cut_of(range, table, connection);
  const std::scoped_lock lock{mutex_};
  if (cut)
    board_.divide(range, *std::move(cut));
  else
    board_.keep(range);
  changed_.notify_all();
}

std::optional<std::string> SnapshotWorkers::cut_of(const Range& range, const SnapshotTable& table, mysql::Connection& connection) {
  if (!table.key) return std::nullopt;
  if (table.key->first_is_integer()) return arithmetic_cut(range, table, connection);
  if (views_.count() == 1 || tables_.estimated_rows(range.table) <= chunk_rows_) return std::nullopt;
  return probed_cut(range, table, connection);
}

/// From the first key of the range on, as many values as the ranges before suggest.
std::optional<std::string> SnapshotWorkers::arithmetic_cut(const Range& range, const SnapshotTable& table, mysql::Connection& connection) {
  const snapshot::TableKey& key = *table.key;
  const bool is_unsigned = key.first_is_unsigned();
  Widths widths;
  {
    const std::scoped_lock lock{mutex_};
    widths = widths_[range.table];
  }
  std::optional<std::uint64_t> first;
  if (!range.next.empty()) first = snapshot::rank_of(key.unpack(range.next).value().front(), is_unsigned);
  if (!first || !widths.last || widths.gap) {
    std::optional<std::uint64_t> last;
    first.reset();
    connection.query(table.ends_statement(range.next, range.high), [&](mysql::RowView row) {
      if (row.size() < 2 || !row[0] || !row[1]) return;
      first = snapshot::rank_of(*row[0], is_unsigned);
      last = snapshot::rank_of(*row[1], is_unsigned);
    });
    if (!first || !last) return std::nullopt;  // no rows
    const std::scoped_lock lock{mutex_};
    Widths& known = widths_[range.table];
    known.last = std::max(known.last.value_or(0), *last);
    known.gap = false;
    widths.last = *last;
  }
  std::uint64_t last = *widths.last;
  if (!range.high.empty()) last = std::min(last, snapshot::rank_of(key.unpack(range.high).value().front(), is_unsigned).value_or(last));
  const std::uint64_t cut = saturated_sum(*first, widths.width);
  if (cut >= last) return std::nullopt;
  const std::string text = snapshot::text_of_rank(cut, is_unsigned);
  const std::optional<std::string_view> texts[] = {text};
  return key.pack_texts(texts);
}

/// The key that is a chunk's rows away.
std::optional<std::string> SnapshotWorkers::probed_cut(const Range& range, const SnapshotTable& table,
                                                       mysql::Connection& connection) const {
  std::optional<std::string> out;
  connection.query(table.boundary_statement(range.next, range.high, chunk_rows_),
                   [&](mysql::RowView row) { out = table.key->pack_texts(row); });
  return out == range.high ? std::nullopt : out;
}

void SnapshotWorkers::deliver(const SnapshotDelivery& delivery) {
  const std::scoped_lock lock{mutex_};
  ++batches_;
  emitter_.deliver(delivery);
}

/// Rows are decoded where they lie in the connection's buffer, while the others wait: most of the time they wait for their servers.
void SnapshotWorkers::read(Range& range, const SnapshotTable& table, mysql::Connection& connection) {
  std::uint64_t row_count = 0;
  connection.query_packed(table.read_statement(range.next, range.high), [&](mysql::PackedRows rows) {
    row_count += rows.size();
    deliver({.rows = rows, .table = &table, .range = &range});
  });
  learn(range, row_count);
  deliver({.rows = {}, .table = &table, .range = &range, .ends_range = true});
}

/// Wider when there is room, narrower when there were too many.
void SnapshotWorkers::learn(const Range& range, std::uint64_t rows) {
  const std::scoped_lock lock{mutex_};
  Widths& widths = widths_[range.table];
  widths.gap = rows == 0;
  if (rows < chunk_rows_ / 2) widths.width = saturated_sum(widths.width, widths.width);
  if (rows / 2 > chunk_rows_)
    widths.width = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(static_cast<double>(widths.width) * static_cast<double>(chunk_rows_) / static_cast<double>(rows)));
}

}  // namespace cdc::capture
