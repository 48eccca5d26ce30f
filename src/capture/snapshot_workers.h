#pragma once

/// Reads what a board still has with a thread a view, and hands it to the emitter batch by batch.

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "cdc/snapshot/range_board.h"
#include "cdc/snapshot/views.h"
#include "snapshot_emitter.h"
#include "snapshot_tables.h"

namespace cdc::capture {

/// What the reading has come to, for people.
struct SnapshotProgressCounts {
  std::size_t tables_begun = 0, tables = 0;
  std::uint64_t rows = 0;  ///< Of this run.
};

class SnapshotWorkers {
 public:
  /// All borrowed. `chunk_rows`: about how many rows one statement reads where a table is shared out.
  SnapshotWorkers(snapshot::Views& views, SnapshotTables& tables, snapshot::RangeBoard& board, SnapshotEmitter& emitter,
                  std::uint64_t chunk_rows);

  /// Until everything is read, a worker fails or `stop` is requested, which must also be the token of the views. `every_second` is
  /// called on this thread. True when everything is read. Throws what the first worker that failed threw, then `ending` is requested.
  bool run(std::stop_source ending, ChangeSink& sink, const std::function<void(const SnapshotProgressCounts&)>& every_second);

 private:
  using Range = snapshot::RangeBoard::Range;
  /// How a table with an integer key is cut.
  struct Widths {
    std::uint64_t width = 0;            ///< Of the next range, in key values.
    std::optional<std::uint64_t> last;  ///< The largest key, as a rank.
    bool gap = false;                   ///< The last range had no rows: look for the next key.
  };

  void work(mysql::Connection& connection, const std::stop_token& stop);
  Range* take(const std::stop_token& stop);
  void check_bounds(Range& range, const SnapshotTable& table);
  void divide(Range& range, const SnapshotTable& table, mysql::Connection& connection);
  std::optional<std::string> cut_of(const Range& range, const SnapshotTable& table, mysql::Connection& connection);
  std::optional<std::string> arithmetic_cut(const Range& range, const SnapshotTable& table, mysql::Connection& connection);
  std::optional<std::string> probed_cut(const Range& range, const SnapshotTable& table, mysql::Connection& connection) const;
  void deliver(const SnapshotDelivery& delivery);
  void read(Range& range, const SnapshotTable& table, mysql::Connection& connection);
  void learn(const Range& range, std::uint64_t rows);

  snapshot::Views& views_;
  SnapshotTables& tables_;
  snapshot::RangeBoard& board_;
  SnapshotEmitter& emitter_;
  std::uint64_t chunk_rows_;

  std::mutex mutex_;  ///< Of the board, the emitter, the sink and everything below.
  std::condition_variable_any changed_;
  std::vector<Widths> widths_;
  std::size_t working_ = 0;
  std::uint64_t batches_ = 0;
  std::exception_ptr failure_;
};

}  // namespace cdc::capture
