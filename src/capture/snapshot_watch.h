#pragma once

/// Tells people how a snapshot gets on, and watches what a long one does to the server: the log that the stream will need must not be
/// purged meanwhile, and old row versions pile up behind the views.

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "cdc/capture/binlog_source.h"
#include "cdc/model/position.h"
#include "cdc/mysql/connection.h"
#include "snapshot_tables.h"
#include "snapshot_workers.h"

namespace cdc::capture {

class SnapshotWatch {
 public:
  /// `connection` is the watch's own, outside of the views. All borrowed.
  SnapshotWatch(mysql::Connection& connection, const SnapshotTables& tables, const CaptureOptions& options, const BinlogPosition& start);

  /// Once a second. Throws Error(binlog_purged) when the stream could not begin any more.
  void tick(const SnapshotProgressCounts& counts);

 private:
  using Clock = std::chrono::steady_clock;

  void report(const SnapshotProgressCounts& counts, Clock::time_point now);
  void check_log();
  void check_views(Clock::time_point now);
  std::optional<double> seconds_left(const SnapshotProgressCounts& counts, Clock::time_point now) const;

  mysql::Connection& connection_;
  const SnapshotTables& tables_;
  const CaptureOptions& options_;
  const BinlogPosition& start_;
  const Clock::time_point began_ = Clock::now();
  Clock::time_point next_report_, next_check_;
  std::optional<double> left_s_;
  bool warned_retention_ = false, warned_history_ = false;
};

/// Throws Error(binlog_purged) when the file that the stream begins in is gone.
void require_log_of(mysql::Connection& connection, const BinlogPosition& start);

}  // namespace cdc::capture
