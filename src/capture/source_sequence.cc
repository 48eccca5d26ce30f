#include <atomic>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/capture/changelog_source.h"
#include "cdc/capture/snapshot_source.h"
#include "changelog_snapshot.h"
#include "engine_choice.h"
#include "run_identity.h"

namespace cdc::capture {
namespace {

constexpr std::size_t snapshots_max = 3;  // in one run

bool takes_snapshot(const Position& start, config::SnapshotMode mode) {
  if (mode == config::SnapshotMode::never) return false;
  return std::holds_alternative<std::monostate>(start) || snapshot_of(start) != nullptr;
}

/// What a stored position of a snapshot means to who wants none of it: the stream from its start.
Position without_progress(Position start) {
  const auto cut = [](auto* stored) {
    if (stored != nullptr) stored->snap.reset(), stored->n = 0;
  };
  if (snapshot_of(start) == nullptr) return start;
  log(LogLevel::warning, "the position is of a snapshot that was not finished, and snapshot.mode=never: the rest of it is left out");
  cut(std::get_if<BinlogPosition>(&start));
  cut(std::get_if<ChangelogPosition>(&start));
  return start;
}

}  // namespace

struct SourceSequence::State {
  mysql::Endpoint endpoint;
  CaptureOptions options;
  std::vector<std::unique_ptr<SnapshotSource>> snapshots;  ///< Kept while the stream runs: sinks keep references to their tables.
  std::unique_ptr<BinlogSource> stream;
  std::vector<std::unique_ptr<ChangelogSnapshot>> changelog_snapshots;  ///< As `snapshots`.
  std::unique_ptr<ChangelogSource> changelog;
  std::atomic<ChangelogSource*> acknowledging = nullptr;  ///< `changelog`, for other threads.

  SourceEnd run_engine(const Position& start, ChangeSink& sink, const std::stop_token& stop);
  SourceEnd run_changelog(const Position& start, ChangeSink& sink, const std::stop_token& stop);
  bool began() const noexcept;
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

bool SourceSequence::State::began() const noexcept {
  return (stream != nullptr && stream->stats().events != 0) || (!snapshots.empty() && snapshots.back()->began());
}

SourceEnd SourceSequence::State::run_changelog(const Position& start, ChangeSink& sink, const std::stop_token& stop) {
  options.from_changelog = true;
  const config::SnapshotMode mode = options.settings.snapshot_mode;
  Position from = start;
  std::vector<std::uint64_t> shown;
  if (takes_snapshot(start, mode)) {
    ChangelogSnapshot& rows = *changelog_snapshots.emplace_back(std::make_unique<ChangelogSnapshot>(endpoint, options));
    const SourceEnd end = rows.run(start, sink, stop);
    options.first_table_id = rows.next_table_id();
    if (end == SourceEnd::stopped || mode == config::SnapshotMode::only) return end;
    from = rows.stream_start();
    shown = rows.shown();
  } else if (mode == config::SnapshotMode::only) {
    return SourceEnd::exhausted;  // taken in an earlier run
  }
  changelog = std::make_unique<ChangelogSource>(endpoint, options, std::move(shown));
  acknowledging = changelog.get();
  return changelog->run(without_progress(std::move(from)), sink, stop);
}

SourceEnd SourceSequence::State::run_engine(const Position& start, ChangeSink& sink, const std::stop_token& stop) {
  const config::Engine engine = engine_by_position(options, start);
  if (engine == config::Engine::trigger) return run_changelog(start, sink, stop);
  try {
    return run(start, sink, stop);
  } catch (const Error& refusal) {
    if (engine == config::Engine::binlog || began() || stop.stop_requested() || !is_for_changelog(refusal)) throw;
    require_changelog_instead(endpoint, options, refusal, stop);
  }
  return run_changelog(start, sink, stop);
}

/// Only before the stream began: a running one that loses its log ends, and the next start takes the snapshot.
bool SourceSequence::State::wants_anew(const Error& error) const noexcept {
  const bool purged = error.code() == ErrorCode::binlog_purged || error.code() == ErrorCode::binlog_file_unknown ||
                      error.code() == ErrorCode::changelog_purged || error.code() == ErrorCode::changelog_position;
  const bool streaming =
      (stream != nullptr && stream->stats().events != 0) || (changelog != nullptr && changelog->stats().transactions != 0);
  return purged && !streaming && snapshots.size() + changelog_snapshots.size() < snapshots_max &&
         options.settings.snapshot_mode == config::SnapshotMode::when_needed;
}

SourceSequence::SourceSequence(mysql::Endpoint endpoint, const CaptureOptions& options)
    : state_{new State{std::move(endpoint), options, {}, nullptr, {}, nullptr}} {}
SourceSequence::~SourceSequence() { mysql::wipe(state_->endpoint); }

SourceEnd SourceSequence::run(const Position& start, ChangeSink& sink, std::stop_token stop) {
  State& state = *state_;
  const StartMemory memory = start_memory(state.options);
  if (!std::holds_alternative<std::monostate>(start)) memory.forget();  // the host has stored one now
  try {
    return state.run_engine(start, sink, stop);
  } catch (const Error& error) {
    if (stop.stop_requested() || !state.wants_anew(error)) throw;
    log(LogLevel::warning, std::string{error.message()} + "; snapshot.mode=whenNeeded: a new snapshot is taken");
    memory.forget();
    return state.run_engine({}, sink, stop);
  }
}

void SourceSequence::acknowledge(const Position& position) {
  if (ChangelogSource* const source = state_->acknowledging.load()) source->acknowledge(position);
}

}  // namespace cdc::capture
