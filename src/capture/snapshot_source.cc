#include "cdc/capture/snapshot_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "backoff.h"
#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/snapshot/range_board.h"
#include "cdc/snapshot/views.h"
#include "range.h"
#include "run_identity.h"
#include "server_facts.h"
#include "snapshot_emitter.h"
#include "snapshot_tables.h"
#include "snapshot_watch.h"
#include "snapshot_workers.h"
#include "start_plan.h"

namespace cdc::capture {
namespace {

constexpr std::uint32_t table_faults_max = 5;  // in a row, before a table that cannot be read is a person's to see

/// Of a run: what was sent under another is never numbered like this one's.
std::string new_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

/// What the server does not take in a statement with a person's condition is theirs to correct.
void require_condition(mysql::Connection& connection, const std::string& statement) {
  try {
    connection.query(statement);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::query_failed || error.remedy() == Remedy::retry) throw;
    throw Error{error.code(), Remedy::operate, std::string{error.message()}, "write a condition as it would stand behind WHERE"};
  }
}

}  // namespace

struct SnapshotSource::State {
  mysql::Endpoint endpoint;
  const CaptureOptions& options;
  SnapshotTables tables;
  BinlogPosition position;     ///< The stream's start; with `snap` what is delivered.
  bool begun = false;          ///< `position` is set.
  bool recalled = false;       ///< From `memory`.
  bool id_checked = false;     ///< Nobody else streams with our number.
  snapshot::TableList listed;  ///< The tables of the last attempt.
  const StartMemory memory;
  const ReplicaIdentity identity;
  std::uint32_t table_faults = 0;

  State(mysql::Endpoint where, const CaptureOptions& how)
      : endpoint{std::move(where)}, options{how}, tables{how}, memory{start_memory(how)}, identity{replica_identity(how)} {}

  bool streams() const noexcept { return options.settings.snapshot_mode != config::SnapshotMode::only; }
  void take_start(const Position& start);
  void recall();
  ServerFacts check_server(mysql::Connection& connection);
  void check_resumable(mysql::Connection& connection, const ServerFacts& facts);
  void check_recalled(mysql::Connection& connection, const ServerFacts& facts);
  void check_filters(mysql::Connection& connection);
  void add_late_names();
  SnapshotProgress delivered() const;
  snapshot::Views open_views(std::stop_token stop);
  void place(const snapshot::Views& views, const ServerFacts& facts);
  bool attempt(ChangeSink& sink, std::stop_token stop);
  bool try_again_after(const Error& error, Backoff& backoff, std::stop_token stop);
};

void SnapshotSource::State::take_start(const Position& start) {
  const auto* const stored = std::get_if<BinlogPosition>(&start);
  if (stored == nullptr || !stored->snap) return recall();
  position = *stored;
  begun = true;
  const std::string rules = config::rules_fingerprint(options.settings, options.default_schema);
  if (position.rules == rules) return;
  log(LogLevel::info, "settings changed since the snapshot began: all its tables are read again");
  position.rules = rules;
  position.snap->done = {};
  position.snap->open.clear();
}

/// No position was stored of what an earlier run may have delivered: rows that were deleted since then must come in the stream.
void SnapshotSource::State::recall() {
  const auto remembered = streams() ? memory.recall() : std::nullopt;
  if (!remembered) return;
  Point point = parse_point(remembered->from, "stateDir");
  position = std::move(point.position);
  if (point.kind != PointKind::position) {  // of a stream that took no snapshot
    position.gtid = std::move(point.gtid);
    position.file = std::move(point.place.file);
    position.at = point.place.at;
    position.server = remembered->server;
  }
  position.rules = config::rules_fingerprint(options.settings, options.default_schema);
  position.snap.emplace();
  begun = recalled = true;
  log(LogLevel::info, fmt::format("no position is stored yet: rows are read anew, and the stream begins where the first run's does, as {} "
                                  "remembers",
                                  memory.path()));
}

/// What the stream will need is looked at before anything is read.
ServerFacts SnapshotSource::State::check_server(mysql::Connection& connection) {
  ServerFacts facts = read_server_facts(connection);
  if (streams()) {
    require_readable_binlog(connection, facts);
    if (!options.dry_run && !id_checked) check_server_id(connection, facts, identity.server_id, identity.uuid);
    id_checked = true;
    check_cascades(connection, facts, options.tables, options.settings.on_unsupported.cascade);
  }
  tables.list(connection);
  tables.require_readable(connection);
  check_filters(connection);
  if (begun) check_recalled(connection, facts);
  return facts;
}

/// The stream's start must be in the server's history and log, and the new views behind it.
void SnapshotSource::State::check_resumable(mysql::Connection& connection, const ServerFacts& facts) {
  const bool same_server = position.server.empty() || position.server == facts.fingerprint;
  if (!same_server && (position.gtid.empty() || !facts.gtid))
    throw Error{ErrorCode::other_server, Remedy::operate, "the snapshot began on another server, and there are no GTIDs to continue by",
                "start the snapshot anew, without a position"};
  if (facts.gtid && !position.gtid.empty()) require_executed(connection, facts, position.gtid, Remedy::operate);
  if (same_server) require_log_of(connection, position);
}

/// There is no position that a person could take away: the file is what a cure must name.
void SnapshotSource::State::check_recalled(mysql::Connection& connection, const ServerFacts& facts) {
  try {
    check_resumable(connection, facts);
  } catch (const Error& error) {
    if (!recalled || error.remedy() == Remedy::retry) throw;
    throw Error{error.code(), error.remedy(), std::string{error.message()},
                fmt::format("empty the destination, then remove {}: the snapshot begins anew", memory.path())};
  }
}

void SnapshotSource::State::check_filters(mysql::Connection& connection) {
  for (const auto& name : tables.names()) {
    const auto filter = options.settings.snapshot_where.find(name.first + '.' + name.second);
    if (filter == options.settings.snapshot_where.end()) continue;
    const auto frame = [&] { return fmt::format("snapshot.where.{}.{}", name.first, name.second); };
    const std::string statement = fmt::format("SELECT 1 FROM {}.{} WHERE ({}) LIMIT 0", mysql::quote_name(name.first),
                                              mysql::quote_name(name.second), filter->second);
    with_frame(frame, [&] { require_condition(connection, statement); });
  }
}

/// A table that was renamed meanwhile, to a name whose turn is over, is read all the same.
void SnapshotSource::State::add_late_names() {
  const bool seen_before = !listed.empty() && begun;
  for (const auto& name : tables.names()) {
    if (!seen_before || name > position.snap->done || std::ranges::binary_search(listed, name)) continue;
    position.snap->open.push_back({name.first, name.second, {}, {}});
  }
  listed = tables.names();
}

/// What of the snapshot was delivered, whatever run it was.
SnapshotProgress SnapshotSource::State::delivered() const {
  if (!position.snap) return {};
  return {.id = {}, .done = position.snap->done, .open = position.snap->open};
}

snapshot::Views SnapshotSource::State::open_views(std::stop_token stop) {
  snapshot::ViewOptions how;
  for (const auto& [schema, table] : tables.names()) how.tables.push_back({schema, table});
  return snapshot::open_views(endpoint, options.settings.snapshot_workers, how, stop);
}

/// The first views give the stream's start; later ones do not move it.
void SnapshotSource::State::place(const snapshot::Views& views, const ServerFacts& facts) {
  position.snap->id = new_id();
  if (!begun) {
    position.gtid = views.point().gtid;
    position.file = views.point().file;
    position.at = position.file.empty() ? 0 : views.point().at;
    position.server = facts.fingerprint;
    position.rules = config::rules_fingerprint(options.settings, options.default_schema);
    if (streams()) memory.remember({to_text(position), facts.fingerprint});
    begun = true;
  }
  const bool locked = views.method() == snapshot::Method::table_lock || !views.locked_tables().empty();
  log(LogLevel::info,
      fmt::format("snapshot: {} tables, about {} rows in {} MiB, lock = {}, {} connections; the stream begins at {}", tables.names().size(),
                  tables.estimated_rows(), tables.estimated_bytes() >> 20, locked ? "brief" : "none", views.count(),
                  position.file.empty() ? "GTID " + position.gtid : fmt::format("{}:{}", position.file, position.at)));
}

/// One set of views, until everything is read (true) or a stop.
bool SnapshotSource::State::attempt(ChangeSink& sink, std::stop_token stop) {
  std::stop_source ending;
  const std::stop_callback relay{stop, [&] { ending.request_stop(); }};
  mysql::Connection control{endpoint, ending.get_token()};
  const ServerFacts facts = check_server(control);
  if (!position.snap) position.snap.emplace();
  snapshot::Views views = open_views(ending.get_token());
  place(views, facts);
  add_late_names();
  snapshot::RangeBoard board{tables.names(), *position.snap};
  SnapshotEmitter emitter{options.settings, position, sink};
  emitter.begin(board);
  SnapshotWorkers workers{views, tables, board, emitter, options.settings.snapshot_chunk_rows};
  SnapshotWatch watch{control, tables, options, position};
  const bool complete = workers.run(ending, sink, [&](const SnapshotProgressCounts& counts) { watch.tick(counts); });
  if (complete) emitter.finish();
  return complete;
}

bool SnapshotSource::State::try_again_after(const Error& error, Backoff& backoff, std::stop_token stop) {
  if (error.code() == ErrorCode::snapshot_table && ++table_faults > table_faults_max) return false;
  return (begun || options.patient) && wait_after(error, "; in the snapshot", backoff, stop);
}

SnapshotSource::SnapshotSource(mysql::Endpoint endpoint, const CaptureOptions& options)
    : state_{std::make_unique<State>(std::move(endpoint), options)} {}
SnapshotSource::~SnapshotSource() { mysql::wipe(state_->endpoint); }
const BinlogPosition& SnapshotSource::stream_start() const noexcept { return state_->position; }
bool SnapshotSource::began() const noexcept { return state_->begun; }
std::uint64_t SnapshotSource::next_table_id() const noexcept { return state_->tables.next_id(); }

SourceEnd SnapshotSource::run(const Position& start, ChangeSink& sink, std::stop_token stop) {
  State& state = *state_;
  state.take_start(start);
  Backoff backoff{state.options.patient};
  while (!stop.stop_requested()) {
    const SnapshotProgress before = state.delivered();
    try {
      if (state.attempt(sink, stop)) return sink.on_idle(), SourceEnd::exhausted;
    } catch (const Error& error) {
      if (state.delivered() != before) backoff.reset(), state.table_faults = 0;
      if (!stop.stop_requested() && !state.try_again_after(error, backoff, stop) && !stop.stop_requested()) throw;
    }
  }
  return SourceEnd::stopped;
}

}  // namespace cdc::capture
