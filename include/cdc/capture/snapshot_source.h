#pragma once

/// The rows that exist, as a ChangeSource: exact at one point of the binlog, in parallel, resumable. And the stream behind them.

#include <cstdint>
#include <memory>

#include "cdc/capture/binlog_source.h"
#include "cdc/model/change_source.h"
#include "cdc/mysql/endpoint.h"

namespace cdc::capture {

/// Reads the captured tables in consistent views (cdc/snapshot/views.h) with `snapshot.workers` threads, which call the sink one at a
/// time. A fault that passes, a server that restarts, a table that changes under the read: new views are opened at a newer exact point
/// and what is open is read again; the stream still begins where the first run's views stood, so whatever changed between is in it.
class SnapshotSource final : public ChangeSource {
 public:
  /// Nothing is contacted yet. `options` is borrowed.
  SnapshotSource(mysql::Endpoint endpoint, const CaptureOptions& options);
  SnapshotSource(mysql::Endpoint endpoint, CaptureOptions&& gone) = delete;
  ~SnapshotSource() override;

  /// `start`: std::monostate begins a snapshot, a position with `snap` goes on with one.
  SourceEnd run(const Position& start, ChangeSink& sink, std::stop_token stop) override;
  /// Where the stream goes on, after `exhausted`.
  const BinlogPosition& stream_start() const noexcept;
  /// Whether views were opened: what is delivered is theirs.
  bool began() const noexcept;
  /// TableSchema::id of every table it showed is below this.
  std::uint64_t next_table_id() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The snapshot where the position or `snapshot.mode` asks for one, then the stream; or only one of them. The stream is the binlog's or a
/// changelog's, as the position, the setting `engine` and the server say.
class SourceSequence final : public ChangeSource {
 public:
  /// As SnapshotSource.
  SourceSequence(mysql::Endpoint endpoint, const CaptureOptions& options);
  SourceSequence(mysql::Endpoint endpoint, CaptureOptions&& gone) = delete;
  ~SourceSequence() override;
  /// A position without `snap` is of the stream: it takes no snapshot, but for a purged one with `snapshot.mode` whenNeeded.
  SourceEnd run(const Position& start, ChangeSink& sink, std::stop_token stop) override;
  void acknowledge(const Position& position) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cdc::capture
