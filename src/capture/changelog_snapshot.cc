#include "changelog_snapshot.h"

#include <fmt/format.h>

#include <random>

#include "backoff.h"
#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/snapshot/range_board.h"
#include "changelog_join.h"
#include "changelog_start.h"
#include "changelog_tables.h"
#include "snapshot_emitter.h"
#include "snapshot_tables.h"
#include "snapshot_watch.h"
#include "snapshot_workers.h"

namespace cdc::capture {
namespace {

constexpr std::uint32_t table_faults_max = 5;  // in a row, before a table that cannot be read is a person's to see

std::string new_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

}  // namespace

struct ChangelogSnapshot::State {
  mysql::Endpoint endpoint;
  const CaptureOptions& options;
  SnapshotTables tables;
  ChangelogPosition position;  ///< The stream's start; with `snap` what is delivered.
  bool begun = false;          ///< `position` is set.
  std::vector<std::uint64_t> shown;
  std::uint32_t table_faults = 0;

  State(mysql::Endpoint where, const CaptureOptions& how) : endpoint{std::move(where)}, options{how}, tables{how} {}

  void take_start(const Position& start);
  snapshot::Views open_views(mysql::Connection& control, const std::stop_token& stop);
  bool attempt(ChangeSink& sink, const std::stop_token& stop);
  bool try_again_after(const Error& error, Backoff& backoff, const std::stop_token& stop);
};

void ChangelogSnapshot::State::take_start(const Position& start) {
  const auto* const stored = std::get_if<ChangelogPosition>(&start);
  if (stored == nullptr || !stored->snap) return;
  position = *stored;
  begun = true;
  if (position.rules == rules_of(options)) return;
  log(LogLevel::info, "settings changed since the snapshot began: all its tables are read again");
  position.rules = rules_of(options);
  position.snap->done = {};
  position.snap->open.clear();
}

/// The first views give the stream's start; later ones do not move it.
snapshot::Views ChangelogSnapshot::State::open_views(mysql::Connection& control, const std::stop_token& stop) {
  const catalog::ChangelogNames names = find_names(control, options);
  tables.list(control);
  ChangelogTables captured{options, names};
  captured.check_triggers(control);
  require_captured(control, options, names, captured);
  const auto resumed = begun ? std::optional{position} : std::nullopt;
  ChangelogJoin joined = join_changelog(endpoint, options, names, tables.names(), resumed, stop);
  position = std::move(joined.start);
  shown = std::move(joined.shown);
  if (!position.snap) position.snap.emplace();
  position.snap->id = new_id();
  begun = true;
  log(LogLevel::info,
      fmt::format("snapshot: {} tables, about {} rows in {} MiB, lock = none, {} connections; the stream begins behind entry {}",
                  tables.names().size(), tables.estimated_rows(), tables.estimated_bytes() >> 20, joined.views.count(), position.seq));
  return std::move(joined.views);
}

/// One set of views, until everything is read (true) or a stop.
bool ChangelogSnapshot::State::attempt(ChangeSink& sink, const std::stop_token& stop) {
  std::stop_source ending;
  const std::stop_callback relay{stop, [&] { ending.request_stop(); }};
  mysql::Connection control{endpoint, ending.get_token()};
  snapshot::Views views = open_views(control, ending.get_token());
  snapshot::RangeBoard board{tables.names(), *position.snap};
  SnapshotEmitter emitter{options.settings, position, sink};
  emitter.begin(board);
  SnapshotWorkers workers{views, tables, board, emitter, options.settings.snapshot_chunk_rows};
  const BinlogPosition no_log;
  SnapshotWatch watch{control, tables, options, no_log};
  const bool complete = workers.run(ending, sink, [&](const SnapshotProgressCounts& counts) { watch.tick(counts); });
  if (emitter.rows() != 0) table_faults = 0;
  if (complete) emitter.finish();
  return complete;
}

bool ChangelogSnapshot::State::try_again_after(const Error& error, Backoff& backoff, const std::stop_token& stop) {
  if (error.code() == ErrorCode::snapshot_table && ++table_faults > table_faults_max) return false;
  return (begun || options.patient) && wait_after(error, "; in the snapshot", backoff, stop);
}

ChangelogSnapshot::ChangelogSnapshot(mysql::Endpoint endpoint, const CaptureOptions& options)
    : state_{std::make_unique<State>(std::move(endpoint), options)} {}
ChangelogSnapshot::~ChangelogSnapshot() { mysql::wipe(state_->endpoint); }
const ChangelogPosition& ChangelogSnapshot::stream_start() const noexcept { return state_->position; }
const std::vector<std::uint64_t>& ChangelogSnapshot::shown() const noexcept { return state_->shown; }
std::uint64_t ChangelogSnapshot::next_table_id() const noexcept { return state_->tables.next_id(); }

SourceEnd ChangelogSnapshot::run(const Position& start, ChangeSink& sink, std::stop_token stop) {
  State& state = *state_;
  state.take_start(start);
  Backoff backoff{state.options.patient};
  while (!stop.stop_requested()) {
    try {
      if (state.attempt(sink, stop)) return sink.on_idle(), SourceEnd::exhausted;
    } catch (const Error& error) {
      if (!stop.stop_requested() && !state.try_again_after(error, backoff, stop) && !stop.stop_requested()) throw;
    }
  }
  return SourceEnd::stopped;
}

}  // namespace cdc::capture
