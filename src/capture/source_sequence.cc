#include <vector>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/capture/snapshot_source.h"
#include "run_identity.h"

namespace cdc::capture {
namespace {

constexpr std::size_t snapshots_max = 3;  // in one run

bool takes_snapshot(const Position& start, config::SnapshotMode mode) {
  if (mode == config::SnapshotMode::never) return false;
  const auto* const stored = std::get_if<BinlogPosition>(&start);
  return stored == nullptr || stored->snap.has_value();
}

/// What a stored position of a snapshot means to who wants none of it: the stream from its start.
Position without_progress(const Position& start) {
  const auto* const stored = std::get_if<BinlogPosition>(&start);
  if (stored == nullptr || !stored->snap) return start;
  log(LogLevel::warning, "the position is of a snapshot that was not finished, and snapshot.mode=never: the rest of it is left out");
  BinlogPosition out = *stored;
  out.snap.reset();
  out.n = 0;
  return out;
}

}  // namespace

struct SourceSequence::State {
  mysql::Endpoint endpoint;
  CaptureOptions options;
  std::vector<std::unique_ptr<SnapshotSource>> snapshots;  ///< Kept while the stream runs: sinks keep references to their tables.
  std::unique_ptr<BinlogSource> stream;

  SourceEnd run(const Position& start, ChangeSink& sink, const std::stop_token& stop);
  SourceEnd run_stream(const Position& start, ChangeSink& sink, const std::stop_token& stop);
  bool wants_anew(const Error& error) const noexcept;
};

SourceEnd SourceSequence::State::run_stream(const Position& start, ChangeSink& sink, const std::stop_token& stop) {
  stream = std::make_unique<BinlogSource>(endpoint, options);
  return stream->run(start, sink, stop);
}

SourceEnd SourceSequence::State::run(const Position& start, ChangeSink& sink, const std::stop_token& stop) {
  const config::SnapshotMode mode = options.settings.snapshot_mode;
  if (takes_snapshot(start, mode)) {
    SnapshotSource& rows = *snapshots.emplace_back(std::make_unique<SnapshotSource>(endpoint, options));
    const SourceEnd end = rows.run(start, sink, stop);
    options.first_table_id = rows.next_table_id();
    if (end == SourceEnd::stopped || mode == config::SnapshotMode::only) return end;
    return run_stream(rows.stream_start(), sink, stop);
  }
  if (mode == config::SnapshotMode::only) return SourceEnd::exhausted;  // taken in an earlier run
  return run_stream(without_progress(start), sink, stop);
}

/// Only before the stream began: a running one that loses its log ends, and the next start takes the snapshot.
bool SourceSequence::State::wants_anew(const Error& error) const noexcept {
  const bool purged = error.code() == ErrorCode::binlog_purged || error.code() == ErrorCode::binlog_file_unknown;
  const bool began = stream != nullptr && stream->stats().events != 0;
  return purged && !began && snapshots.size() < snapshots_max && options.settings.snapshot_mode == config::SnapshotMode::when_needed;
}

SourceSequence::SourceSequence(mysql::Endpoint endpoint, const CaptureOptions& options)
    : state_{new State{std::move(endpoint), options, {}, nullptr}} {}
SourceSequence::~SourceSequence() { mysql::wipe(state_->endpoint); }

SourceEnd SourceSequence::run(const Position& start, ChangeSink& sink, std::stop_token stop) {
  State& state = *state_;
  const StartMemory memory = start_memory(state.options);
  if (!std::holds_alternative<std::monostate>(start)) memory.forget();  // the host has stored one now
  try {
    return state.run(start, sink, stop);
  } catch (const Error& error) {
    if (stop.stop_requested() || !state.wants_anew(error)) throw;
    log(LogLevel::warning, std::string{error.message()} + "; snapshot.mode=whenNeeded: a new snapshot is taken");
    memory.forget();
    return state.run({}, sink, stop);
  }
}

}  // namespace cdc::capture
