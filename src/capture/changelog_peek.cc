#include "changelog_peek.h"

#include <fmt/format.h>

#include <optional>
#include <unordered_set>

#include "backoff.h"
#include "cdc/base/error.h"
#include "cdc/base/wait.h"
#include "cdc/catalog/fields.h"
#include "changelog_batch.h"
#include "changelog_emitter.h"
#include "changelog_start.h"
#include "changelog_state.h"
#include "changelog_tables.h"

namespace cdc::capture {
namespace {

class Peek {
 public:
  Peek(const mysql::Endpoint& endpoint, const CaptureOptions& options, catalog::ChangelogNames names,
       const std::vector<std::uint64_t>& shown, ChangeSink& sink)
      : endpoint_{endpoint},
        options_{options},
        names_{std::move(names)},
        tables_{options, names_},
        sink_{sink},
        shown_{shown.begin(), shown.end()} {}

  /// Shows what is new in a view of its own.
  void look(mysql::Connection& connection, const Position& start, const std::stop_token& stop) {
    connection.query("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    if (!emitter_) begin(connection, start);
    read_log(connection, stop);
    read_inbox(connection, stop);
    connection.query("COMMIT");
  }
  bool retry_at_once() noexcept { return batch_.take_too_large(); }

 private:
  void begin(mysql::Connection& connection, const Position& start) {
    ChangelogPosition first;
    const ChangelogFrom from = changelog_from(options_, start, first);
    if (!catalog::load_changelog_meta(connection, names_)) throw changelog_missing(names_);
    const ChangelogState state = read_changelog(connection, names_);
    if (from == ChangelogFrom::position) {
      check_position(connection, names_, state, first);
    } else {
      first.epoch = state.epoch;
      first.seq = from == ChangelogFrom::now ? state.next_seq - 1 : state.purged_seq;
    }
    require_captured(connection, options_, names_, tables_);
    if (from == ChangelogFrom::now)
      connection.query(fmt::format("SELECT id FROM {}", names_.quoted("inbox")),
                       [&](mysql::RowView row) { shown_.insert(catalog::number_of<std::uint64_t>(row[0])); });
    log_connected(endpoint_, connection, names_, first);
    emitter_.emplace(options_.settings, std::move(first), rules_of(options_), sink_);
  }

  void read_log(mysql::Connection& connection, const std::stop_token& stop) {
    do {
      batch_.read_log(connection, names_, tables_, emitter_->read_seq());
      if (batch_.empty()) return;
      batch_.for_each([&](const ChangelogEntry& entry, const ChangelogTable& table, mysql::PackedRow row) {
        if (shown_.erase(entry.id) == 0) emitter_->emit(entry, table, row);
        emitter_->pass(entry.seq);
      });
      emitter_->pass(batch_.last_seq());
    } while (batch_.full() && !stop.stop_requested());
  }

  void read_inbox(mysql::Connection& connection, const std::stop_token& stop) {
    std::uint64_t last_id = 0, seq = read_changelog(connection, names_).next_seq;
    do {
      batch_.read_inbox(connection, names_, tables_, last_id);
      if (batch_.empty()) return;
      batch_.for_each([&](ChangelogEntry entry, const ChangelogTable& table, mysql::PackedRow row) {
        entry.seq = seq++;
        if (shown_.insert(entry.id).second) emitter_->emit(entry, table, row);
      });
      last_id = batch_.last_id();
    } while (batch_.full() && !stop.stop_requested());
  }

  const mysql::Endpoint& endpoint_;
  const CaptureOptions& options_;
  const catalog::ChangelogNames names_;
  ChangelogTables tables_;
  ChangelogBatch batch_;
  ChangeSink& sink_;
  std::optional<ChangelogEmitter> emitter_;
  std::unordered_set<std::uint64_t> shown_;  ///< Ids of the inbox that need not be shown again.
};

void require_until(const std::string& until) {
  if (until.empty() || until == "now") return;
  throw Error{ErrorCode::usage, Remedy::operate, "a changelog can be read until now, not until a place of the binlog", "--until now"};
}

}  // namespace

SourceEnd peek_changelog(const mysql::Endpoint& endpoint, const CaptureOptions& options, const std::vector<std::uint64_t>& shown,
                         const Position& start, ChangeSink& sink, const std::stop_token& stop) {
  require_until(options.range.until);
  Backoff backoff{options.patient};
  std::optional<Peek> peek;
  while (!stop.stop_requested()) {
    try {
      mysql::Connection connection{endpoint, stop};
      if (!peek) peek.emplace(endpoint, options, find_names(connection, options), shown, sink);
      connection.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      connection.query("SET SESSION lock_wait_timeout = 30, SESSION character_set_results = NULL");
      do {
        peek->look(connection, start, stop);
        sink.on_idle();
        backoff.reset();
        if (!options.range.until.empty()) return SourceEnd::exhausted;
      } while (wait_for(options.settings.trigger.poll_interval, stop));
    } catch (const Error& error) {
      if (stop.stop_requested()) break;
      if (!peek && !options.patient) throw;
      sink.on_idle();
      if (peek && peek->retry_at_once()) continue;
      if (!wait_after(error, "; in the changelog", backoff, stop) && !stop.stop_requested()) throw;
    }
  }
  return SourceEnd::stopped;
}

}  // namespace cdc::capture
