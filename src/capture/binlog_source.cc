#include "cdc/capture/binlog_source.h"

#include <fmt/format.h>

#include "backoff.h"
#include "captured_tables.h"
#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/base/wait.h"
#include "cdc/mysql/binlog_channel.h"
#include "live_schemas.h"
#include "range.h"
#include "run_identity.h"
#include "server_facts.h"
#include "start_plan.h"
#include "stream_decoder.h"

namespace cdc::capture {
namespace {

std::int64_t server_clock_s(mysql::Connection& connection) {
  const auto text = connection.query_value("SELECT UNIX_TIMESTAMP()");
  return text ? std::strtoll(text->c_str(), nullptr, 10) : 0;
}

/// A stream that begins now cannot know them. Listing them needs a privilege on MySQL: without it, nothing is said.
void note_prepared(mysql::Connection& connection) {
  std::size_t count = 0;
  try {
    connection.query("XA RECOVER", [&](mysql::RowView) { ++count; });
  } catch (const Error& error) {
    if (error.remedy() == Remedy::retry) throw;
    return;
  }
  if (count != 0)
    log(LogLevel::warning, fmt::format("{} XA transactions are prepared and open (XA RECOVER lists them): when one of them commits, the "
                                       "stream stops, as its rows were logged before the stream's start",
                                       count));
}

using TableNames = std::vector<std::pair<std::string, std::string>>;

std::string at_place(const StreamDecoder& decoder) { return fmt::format("; at {}:{}", decoder.place().file, decoder.place().at); }

/// A dry run leaves the real one's folder as it is.
std::optional<TableVersions> open_versions(const CaptureOptions& options) {
  if (options.settings.state_dir.empty()) return std::nullopt;
  const auto use = options.dry_run ? StateFolder::Use::read : StateFolder::Use::write;
  return TableVersions{StateFolder{options.settings.state_dir, "tables", use}};
}

}  // namespace

struct BinlogSource::State {
  mysql::Endpoint endpoint;
  const CaptureOptions& options;
  CaptureStats stats;
  const ReplicaIdentity identity;
  ServerFacts facts;
  Point until;
  PreparedXa prepared;           ///< Open when the run began.
  TableNames tables;             ///< Captured, when the run began.
  LogEnd begin_end;              ///< The log's end when the run began.
  std::string first_server;      ///< Whose places `until` and `begin_end` name.
  std::uint32_t early_ends = 0;  ///< In a row without a transaction between them.
  std::uint64_t early_end_after = 0;

  State(mysql::Endpoint where, const CaptureOptions& how) : endpoint{std::move(where)}, options{how}, identity{replica_identity(how)} {}

  std::string choose_start(const StartMemory& memory, const Position& start) const;
  StartPlan prepare(const Position& start, std::int64_t& clock_s, std::stop_token stop);
  std::optional<StartPlan> prepare_in_time(const Position& start, std::int64_t& clock_s, Backoff& backoff, std::stop_token stop);
  bool reached(const StreamDecoder& decoder) const;
  bool executed_until_now(const StreamDecoder& decoder) const;
  void require_end(const StreamDecoder& decoder);
  mysql::BinlogChannel open_dump(const StartPlan& plan, std::stop_token stop);
  void begin(StreamDecoder& decoder, const StartPlan& plan) const;
  SourceEnd pump(mysql::BinlogChannel& channel, StreamDecoder& decoder, ChangeSink& sink, Backoff& backoff, std::stop_token stop);
  bool resume(StreamDecoder& decoder, StartPlan& plan, Backoff& backoff, std::stop_token stop);
};

/// What to begin from when there is no position: the setting; but "now" is that of the first run, where it can be remembered.
std::string BinlogSource::State::choose_start(const StartMemory& memory, const Position& start) const {
  if (!std::holds_alternative<std::monostate>(start)) return options.range.from;
  const PointKind asked = parse_point(options.range.from, "--from").kind;
  const bool now = asked == PointKind::now || asked == PointKind::never;
  if (!now) return memory.forget(), options.range.from;
  const auto remembered = memory.recall();
  if (!remembered) {
    const bool by_gtid = facts.gtid && !begin_end.gtid.empty();
    memory.remember({by_gtid ? begin_end.gtid : fmt::format("{}:{}", begin_end.file, begin_end.at), facts.fingerprint});
    return options.range.from;
  }
  if (remembered->server != facts.fingerprint && parse_point(remembered->from, "stateDir").kind == PointKind::place)
    throw Error{ErrorCode::other_server, Remedy::operate, fmt::format("the start that {} remembers is on another server", memory.path()),
                "remove that file to begin at now"};
  log(LogLevel::info, fmt::format("no position is stored yet: beginning where the first run began, as {} remembers", memory.path()));
  return remembered->from;
}

/// Everything that must hold before the stream begins; the first connection's errors are the user's to see at once.
StartPlan BinlogSource::State::prepare(const Position& start, std::int64_t& clock_s, std::stop_token stop) {
  static_cast<void>(parse_point(options.range.from, "--from"));  // what was mistyped is told without a server
  const StartMemory memory = start_memory(options);
  until = parse_until(options.range.until);
  mysql::Connection connection{endpoint, stop};
  facts = read_server_facts(connection);
  first_server = facts.fingerprint;
  require_readable_binlog(connection, facts);
  tables = find_tables(connection, options);
  check_cascades(connection, facts, options.tables, options.settings.on_unsupported.cascade);
  if (!options.dry_run) check_server_id(connection, facts, identity.server_id, identity.uuid);
  clock_s = server_clock_s(connection);
  begin_end = read_log_end(connection, facts);
  if (until.kind == PointKind::now) until.place = {begin_end.file, begin_end.at};
  const StartPlan plan = plan_start(connection, facts, options, start, choose_start(memory, start), begin_end);
  ServerLogReader log_reader{endpoint, facts, stop};
  prepared = find_prepared(log_reader, plan);
  if (std::holds_alternative<std::monostate>(start)) note_prepared(connection);
  log(LogLevel::info,
      fmt::format("connected to {} ({}), {} tables, from {}", mysql::display_name(endpoint), facts.version.text, tables.size(),
                  plan.place.file.empty() ? "GTID " + plan.gtid : fmt::format("{}:{}", plan.place.file, plan.place.at)));
  return plan;
}

/// None on a stop. Who is patient waits for a server that is away.
std::optional<StartPlan> BinlogSource::State::prepare_in_time(const Position& start, std::int64_t& clock_s, Backoff& backoff,
                                                              std::stop_token stop) {
  while (!stop.stop_requested()) {
    try {
      return prepare(start, clock_s, stop);
    } catch (const Error& error) {
      if (stop.stop_requested()) break;
      if (!options.patient || (!wait_after(error, "", backoff, stop) && !stop.stop_requested())) throw;
    }
  }
  return std::nullopt;
}

bool BinlogSource::State::reached(const StreamDecoder& decoder) const {
  if (until.kind == PointKind::never || decoder.in_transaction()) return false;
  if (until.kind != PointKind::gtid)
    return facts.fingerprint == first_server && !decoder.place().file.empty() && !before(decoder.place(), until.place);
  return capture::reached(until, decoder.gtids());
}

/// By GTID: what a server leaves out of a dump moves no place.
bool BinlogSource::State::executed_until_now(const StreamDecoder& decoder) const {
  if (decoder.in_transaction() || begin_end.gtid.empty() || !decoder.gtids().known()) return false;
  return facts.version.flavor == mysql::Flavor::mariadb ? decoder.gtids().reached(binlog::MariadbGtidPosition::parse(begin_end.gtid))
                                                        : decoder.gtids().reached(binlog::MysqlGtidSet::parse(begin_end.gtid));
}

/// A dump that does not wait ends at the log's end, but in the same way when its thread is killed.
void BinlogSource::State::require_end(const StreamDecoder& decoder) {
  if (reached(decoder) || executed_until_now(decoder)) return;
  constexpr std::uint32_t early_ends_max = 5;
  early_ends = early_end_after == stats.transactions ? early_ends + 1 : 1;
  early_end_after = stats.transactions;
  throw Error{ErrorCode::connection_lost, early_ends < early_ends_max ? Remedy::retry : Remedy::operate,
              fmt::format("the server ended the stream at {}:{}, before {}:{}", decoder.place().file, decoder.place().at, begin_end.file,
                          begin_end.at),
              "see the server's error log for why it ends the stream, then run again"};
}

mysql::BinlogChannel BinlogSource::State::open_dump(const StartPlan& plan, std::stop_token stop) {
  mysql::DumpOptions dump;
  dump.server_id = identity.server_id;
  dump.uuid = identity.uuid;
  dump.heartbeat = options.settings.heartbeat;
  dump.non_blocking = until.kind == PointKind::now;
  set_dump_start(plan, facts, dump);
  return {mysql::Connection{endpoint, stop}, dump, stop};
}

void BinlogSource::State::begin(StreamDecoder& decoder, const StartPlan& plan) const {
  const bool mariadb = facts.version.flavor == mysql::Flavor::mariadb;
  decoder.begin(plan.place, mariadb);
  decoder.gtids().reset();
  if (plan.gtid_known) decoder.gtids().assume(plan.gtid, mariadb);
  decoder.resume_at(plan.resume);
  decoder.emitter().set_server(facts.fingerprint, server_name(facts));
}

SourceEnd BinlogSource::State::pump(mysql::BinlogChannel& channel, StreamDecoder& decoder, ChangeSink& sink, Backoff& backoff,
                                    std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (reached(decoder)) return SourceEnd::exhausted;
    if (!decoder.in_transaction() && channel.would_wait()) sink.on_idle();
    const auto event = channel.next();
    if (event.empty() && stop.stop_requested()) return SourceEnd::stopped;
    if (event.empty() && until.kind == PointKind::now) return require_end(decoder), SourceEnd::exhausted;
    if (event.empty()) throw Error{ErrorCode::connection_lost, Remedy::retry, "the server ended the stream"};
    decoder.on_event(event);
    backoff.reset();
  }
  return SourceEnd::stopped;
}

/// Finds the server again, waiting as often as it takes; false on a stop. The decoder then stands at the open
/// transaction's start.
bool BinlogSource::State::resume(StreamDecoder& decoder, StartPlan& plan, Backoff& backoff, std::stop_token stop) {
  while (!stop.stop_requested()) {
    try {
      mysql::Connection connection{endpoint, stop};
      ServerFacts now = read_server_facts(connection);
      const bool same_server = now.fingerprint == facts.fingerprint;
      if (until.kind == PointKind::place && now.fingerprint != first_server)
        throw Error{ErrorCode::other_server, Remedy::operate,
                    "the address now leads to another server, where --until FILE:POS means nothing", "give --until a GTID set"};
      plan = plan_resume(now, decoder, same_server);
      if (plan.by_gtid) require_executed(connection, now, plan.gtid, same_server ? Remedy::operate : Remedy::retry);
      if (!same_server) decoder.prepared().leave_server();
      facts = std::move(now);
      ++stats.reconnects;
      begin(decoder, plan);
      return true;
    } catch (const Error& error) {
      if (!stop.stop_requested() && !wait_after(error, at_place(decoder), backoff, stop) && !stop.stop_requested()) throw;
    }
  }
  return false;
}

BinlogSource::BinlogSource(mysql::Endpoint endpoint, const CaptureOptions& options)
    : state_{std::make_unique<State>(std::move(endpoint), options)} {}
BinlogSource::~BinlogSource() { mysql::wipe(state_->endpoint); }
const CaptureStats& BinlogSource::stats() const noexcept { return state_->stats; }

SourceEnd BinlogSource::run(const Position& start, ChangeSink& sink, std::stop_token stop) {
  State& state = *state_;
  std::int64_t clock_s = 0;
  Backoff backoff{state.options.patient};
  auto versions = open_versions(state.options);
  auto prepared = state.prepare_in_time(start, clock_s, backoff, stop);
  if (!prepared) return SourceEnd::stopped;
  StartPlan& plan = *prepared;
  backoff.reset();
  LiveSchemas schemas{state.endpoint,
                      state.facts,
                      {state.begin_end.file, state.begin_end.at},
                      clock_s,
                      versions ? &*versions : nullptr,
                      state.options.settings.on_unsupported.schema_drift,
                      stop};
  ServerLogReader again{state.endpoint, state.facts, stop};
  StreamDecoder decoder{state.options, StreamDecoder::Input::server, schemas, state.stats, again};
  decoder.set_prepared(std::move(state.prepared));
  decoder.emitter().set_sink(sink);
  for (const auto& [schema, table] : state.tables) decoder.know_table(schema, table);
  state.begin(decoder, plan);
  for (;;) {
    try {
      if (state.reached(decoder)) return SourceEnd::exhausted;
      mysql::BinlogChannel channel = state.open_dump(plan, stop);
      const SourceEnd end = state.pump(channel, decoder, sink, backoff, stop);
      sink.on_idle();
      return end;
    } catch (const Error& error) {
      if (!decoder.in_transaction()) sink.on_idle();
      if (!stop.stop_requested() && !wait_after(error, at_place(decoder), backoff, stop) && !stop.stop_requested()) throw;
    }
    if (!state.resume(decoder, plan, backoff, stop)) return SourceEnd::stopped;
  }
}

}  // namespace cdc::capture
