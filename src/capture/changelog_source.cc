#include "cdc/capture/changelog_source.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>

#include "ack_ledger.h"
#include "backoff.h"
#include "cdc/base/error.h"
#include "cdc/base/wait.h"
#include "changelog_batch.h"
#include "changelog_consumer.h"
#include "changelog_emitter.h"
#include "changelog_peek.h"
#include "changelog_sequencer.h"
#include "changelog_start.h"
#include "changelog_state.h"
#include "changelog_tables.h"
#include "changelog_watch.h"

namespace cdc::capture {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t round_max = 5'000;  // headers numbered in one transaction
constexpr std::chrono::seconds keep_interval{1}, check_interval{10};
constexpr std::chrono::milliseconds purge_time_max{250};

}  // namespace

struct ChangelogSource::State {
  mysql::Endpoint endpoint;
  const CaptureOptions& options;
  catalog::ChangelogNames names;
  ChangelogTables tables;
  ChangelogBatch batch;
  ChangelogConsumer consumer;
  AckLedger acks;
  ChangelogWatch watch;
  std::atomic<std::uint64_t> acknowledged_seq{0};
  CaptureStats stats;
  Clock::time_point next_keep{}, next_check{};
  std::uint64_t stored_seq = 0;
  std::vector<std::uint64_t> shown;

  State(mysql::Endpoint where, const CaptureOptions& how)
      : endpoint{std::move(where)},
        options{how},
        tables{how, names},
        consumer{names, how.connector_id, how.settings.trigger.retention},
        acks{how.settings.trigger.ack_grace},
        watch{names, how.settings.trigger.on_bypass} {}

  mysql::Connection connect(std::stop_token stop);
  ChangelogPosition prepare(mysql::Connection& connection, const Position& start);
  void read_available(mysql::Connection& connection, ChangelogEmitter& emitter, const std::stop_token& stop);
  bool take_batch(mysql::Connection& connection, ChangelogEmitter& emitter);
  void keep(mysql::Connection& connection);
  SourceEnd pump(mysql::Connection& connection, ChangelogEmitter& emitter, ChangeSink& sink, Backoff& backoff, const std::stop_token& stop);
};

mysql::Connection ChangelogSource::State::connect(std::stop_token stop) {
  mysql::Connection connection{endpoint, std::move(stop)};
  if (names.schema.empty()) names = find_names(connection, options);
  set_up_session(connection);
  return connection;
}

/// What must hold before anything is read.
ChangelogPosition ChangelogSource::State::prepare(mysql::Connection& connection, const Position& start) {
  const ChangelogPosition first = choose_changelog_start(connection, options, names, start);
  tables.check_triggers(connection);
  require_captured(connection, options, names, tables);
  consumer.enter(connection, first);
  acks.acknowledge(first.seq, Clock::now());
  log_connected(endpoint, connection, names, first);
  return first;
}

/// One batch of the log; whether there may be more.
bool ChangelogSource::State::take_batch(mysql::Connection& connection, ChangelogEmitter& emitter) {
  batch.read_log(connection, names, tables, emitter.read_seq());
  if (batch.empty()) return false;
  batch.for_each([&](const ChangelogEntry& entry, const ChangelogTable& table, mysql::PackedRow row) {
    emitter.emit(entry, table, row);
    emitter.pass(entry.seq);
    watch.saw(entry, table);
    ++stats.transactions;
  });
  emitter.pass(batch.last_seq());
  stats.changes = emitter.changes();
  return batch.full();
}

/// Everything that is committed.
void ChangelogSource::State::read_available(mysql::Connection& connection, ChangelogEmitter& emitter, const std::stop_token& stop) {
  for (bool more = true; more && !stop.stop_requested();) {
    const ChangelogState now = read_changelog(connection, names);
    if (now.epoch != emitter.position().epoch) check_position(connection, names, now, emitter.position());
    const bool round_full = now.waiting && sequence_round(connection, names, round_max) == round_max;
    const bool batch_full = (now.waiting || now.next_seq > emitter.read_seq() + 1) && take_batch(connection, emitter);
    more = round_full || batch_full;
    keep(connection);
  }
}

/// The reader's own row and the purge, when there is something new, but every ten seconds at least; then the triggers are looked at too.
void ChangelogSource::State::keep(mysql::Connection& connection) {
  const auto now = Clock::now();
  if (now < next_keep) return;
  next_keep = now + keep_interval;
  acks.acknowledge(acknowledged_seq.load(), now);
  const std::uint64_t settled = acks.settled(now);
  const bool due = now >= next_check;
  if (settled == stored_seq && !due) return;
  consumer.store(connection, settled);
  stored_seq = settled;
  while (consumer.purge(connection) == ChangelogConsumer::slice && Clock::now() < now + purge_time_max) {
  }
  if (!due) return;
  next_check = now + check_interval;
  tables.check_triggers(connection);
  watch.check(connection);
}

SourceEnd ChangelogSource::State::pump(mysql::Connection& connection, ChangelogEmitter& emitter, ChangeSink& sink, Backoff& backoff,
                                       const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    read_available(connection, emitter, stop);
    backoff.reset();
    sink.on_idle();
    if (!wait_for(options.settings.trigger.poll_interval, stop)) break;
  }
  return SourceEnd::stopped;
}

ChangelogSource::ChangelogSource(mysql::Endpoint endpoint, const CaptureOptions& options, std::vector<std::uint64_t> shown)
    : state_{std::make_unique<State>(std::move(endpoint), options)} {
  state_->shown = std::move(shown);
}
ChangelogSource::~ChangelogSource() { mysql::wipe(state_->endpoint); }
const CaptureStats& ChangelogSource::stats() const noexcept { return state_->stats; }

void ChangelogSource::acknowledge(const Position& position) {
  const auto* const at = std::get_if<ChangelogPosition>(&position);
  if (at == nullptr || at->snap) return;
  std::uint64_t known = state_->acknowledged_seq.load();
  while (known < at->seq && !state_->acknowledged_seq.compare_exchange_weak(known, at->seq)) {
  }
}

SourceEnd ChangelogSource::run(const Position& start, ChangeSink& sink, std::stop_token stop) {
  State& state = *state_;
  if (state.options.dry_run) return peek_changelog(state.endpoint, state.options, state.shown, start, sink, stop);
  Backoff backoff{state.options.patient};
  std::optional<ChangelogEmitter> emitter;
  while (!stop.stop_requested()) {
    try {
      mysql::Connection connection = state.connect(stop);
      if (!emitter) emitter.emplace(state.options.settings, state.prepare(connection, start), rules_of(state.options), sink);
      return state.pump(connection, *emitter, sink, backoff, stop);
    } catch (const Error& error) {
      if (emitter) sink.on_idle();
      const bool at_once = state.batch.take_too_large();
      if (stop.stop_requested()) break;
      if (!emitter && !state.options.patient) throw;
      if (at_once) continue;
      if (!wait_after(error, "; in the changelog", backoff, stop) && !stop.stop_requested()) throw;
      ++state.stats.reconnects;
    }
  }
  return SourceEnd::stopped;
}

}  // namespace cdc::capture
