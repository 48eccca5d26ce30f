#pragma once

/// The tables of a snapshot, each looked up when its turn comes.

#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "cdc/capture/binlog_source.h"
#include "cdc/mysql/connection.h"
#include "cdc/snapshot/range_board.h"
#include "snapshot_table.h"

namespace cdc::capture {

/// Thread-safe but for `list`. What it returned stays until it is destroyed.
class SnapshotTables {
 public:
  /// `options` is borrowed.
  explicit SnapshotTables(const CaptureOptions& options) noexcept : options_{options} {}

  /// Asks which tables there are and how large the server thinks they are; forgets what was looked up before. Throws
  /// Error(no_table_matches).
  void list(mysql::Connection& connection);
  const snapshot::TableList& names() const noexcept { return names_; }
  /// Nobody wants to learn after hours that the last table may not be read. Throws Error(privilege_missing) that names the first such one.
  void require_readable(mysql::Connection& connection) const;
  /// Rows as the server estimates them, and bytes of data and keys.
  std::uint64_t estimated_rows(std::size_t index) const noexcept { return estimates_[index].rows; }
  std::uint64_t estimated_rows() const noexcept;
  std::uint64_t estimated_bytes() const noexcept;

  /// Table `index` of `names`. Throws Error (snapshot_table, privilege_missing, those of build_snapshot_table).
  const SnapshotTable& get(std::size_t index, mysql::Connection& connection);
  /// Of the tables returned so far: TableSchema::id is below it.
  std::uint64_t next_id() const noexcept { return options_.first_table_id + built_.size(); }

 private:
  struct Estimate {
    std::uint64_t rows = 0, bytes = 0;
  };

  const CaptureOptions& options_;
  snapshot::TableList names_;
  std::vector<Estimate> estimates_;
  std::mutex mutex_;
  std::vector<const SnapshotTable*> current_;
  std::deque<SnapshotTable> built_;  ///< Kept to the end: sinks keep references.
};

}  // namespace cdc::capture
