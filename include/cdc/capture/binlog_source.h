#pragma once

/// The binlog as a ChangeSource: from a live server, or from binlog files.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cdc/config/settings.h"
#include "cdc/config/table_rules.h"
#include "cdc/model/change_source.h"
#include "cdc/mysql/endpoint.h"

namespace cdc::capture {

/// Where to begin when there is no position, and where to end. Text forms as on the command line.
struct Range {
  std::string from = "now";  ///< now, earliest, GTID set, file:pos, position JSON, RFC 3339 time (times: refused yet).
  std::string until;         ///< Empty = never; `now` = what was executed when the run began; GTID set; file:pos.
};

/// What everything that captures needs to know. Outlives the source.
struct CaptureOptions {
  const config::Settings& settings;
  const config::TableRules& tables;
  const config::ColumnRules& columns;
  std::string default_schema;  ///< The URL's database: what bare names in `tables` mean.
  Range range;
  bool dry_run = false;              ///< Random server id and UUID; `serverId` is ignored.
  bool want_statements = false;      ///< Fill Transaction::sql.
  std::string connector_id;          ///< For the derived server id.
  bool patient = false;              ///< What may pass is retried without end, the first connection included.
  bool from_changelog = false;       ///< The stream is a changelog's: its own tables are not captured.
  std::uint64_t first_table_id = 0;  ///< Of the tables shown: sinks have seen those below.
  /// A snapshot's state, once a second, on the thread of `run`; without it a line goes to the log now and then.
  std::function<void(const std::string& line)> on_snapshot_progress = {};
};

/// Counts for a closing line and for tests. Read after `run` returned.
struct CaptureStats {
  std::uint64_t events = 0, bytes = 0, transactions = 0, changes = 0;
  std::uint64_t ignored_events = 0;  ///< Unknown, flagged ignorable by the server.
  std::uint64_t reconnects = 0;
};

/// The position right after the log's last executed transaction, and what the server is: one line for people.
class BinlogSource final : public ChangeSource {
 public:
  /// Nothing is contacted yet. `options` is borrowed.
  BinlogSource(mysql::Endpoint endpoint, const CaptureOptions& options);
  BinlogSource(mysql::Endpoint endpoint, CaptureOptions&& gone) = delete;
  ~BinlogSource() override;
  /// With std::monostate, `options.range.from` decides.
  SourceEnd run(const Position& start, ChangeSink& sink, std::stop_token stop) override;
  const CaptureStats& stats() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads binlog files in the order given, as one log; ends `exhausted`. Tables whose maps carry no
/// names get positional columns (TableSchema::positional) and one warning.
class BinlogFileSource final : public ChangeSource {
 public:
  /// `options` is borrowed.
  BinlogFileSource(std::vector<std::string> paths, const CaptureOptions& options);
  BinlogFileSource(std::vector<std::string> paths, CaptureOptions&& gone) = delete;
  ~BinlogFileSource() override;
  SourceEnd run(const Position& start, ChangeSink& sink, std::stop_token stop) override;
  const CaptureStats& stats() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cdc::capture
