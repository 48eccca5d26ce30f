#pragma once

/// A stream decoder with its surroundings, and a sink that keeps copies of all it is given.

#include <fmt/format.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/model/json.h"
#include "cdc/model/json_diff.h"
#include "exact_bytes.h"
#include "log_script.h"
#include "stream_decoder.h"

namespace cdc::capture {

inline std::string text_of(const Value& value) {
  switch (value.kind) {
    case ValueKind::absent: return "-";
    case ValueKind::null: return "NULL";
    case ValueKind::int64: return fmt::format("{}", value.i64);
    case ValueKind::uint64: return fmt::format("{}", value.u64);
    case ValueKind::text: return std::string{value.text()};
    case ValueKind::timestamp: return fmt::format("@{}", value.i64 / 1'000'000);
    case ValueKind::json: {
      OutputBuffer out;
      const bool is_diff = value.mark == ValueMark::json_diff;
      const bool whole = (is_diff ? append_json_diff_text : append_json_text)(out, value.bytes());
      return (is_diff ? "diff " : "") + (whole ? std::string{out.view()} : "malformed");
    }
    default: return fmt::format("kind {}", static_cast<int>(value.kind));
  }
}

inline std::string text_of(std::span<const Value> image) {
  std::string out;
  for (const Value& value : image) (out += out.empty() ? "" : ",") += text_of(value);
  return out;
}

/// `+shop.t (1,a)`: + created, - deleted, ~ updated; `k` behind the sign for either half of a changed key.
inline std::string text_of(const Change& change) {
  std::string out = change.operation == Operation::create ? "+" : change.operation == Operation::delete_ ? "-" : "~";
  if (change.key_change != KeyChange::none) out += 'k';
  out += qualified_name(change.table);
  if (!change.before.empty()) out += " (" + text_of(change.before) + ")";
  if (change.operation == Operation::update) out += " >";
  if (!change.after.empty()) out += " (" + text_of(change.after) + ")";
  return out;
}

struct RecordingSink final : ChangeSink {
  struct Record {
    std::string text;
    BinlogPosition position;
    Transaction transaction;
    TableSchema table;
  };
  void on_change(const Change& change) override {
    records.push_back({text_of(change), *change.position.binlog(), change.transaction, change.table});
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> out;
    for (const Record& record : records) out.push_back(record.text);
    return out;
  }
  std::vector<Record> records;
};

/// Names from a list; counts what was asked and told.
struct ListedSchemas final : SchemaProvider {
  const catalog::CatalogTable* find(const binlog::TableMap& map, const RowTime&) override {
    ++asked;
    const auto it = tables.find(map.table);
    return it == tables.end() ? nullptr : &it->second;
  }
  const catalog::CatalogTable* now(const binlog::TableMap& map) override {
    ++asked_now;
    const auto it = tables.find(map.table);
    return it == tables.end() ? nullptr : &it->second;
  }
  void on_statement(const StatementText& statement, const RowTime&) override { statements.emplace_back(statement.sql); }
  std::map<std::string, catalog::CatalogTable> tables;
  std::size_t asked = 0, asked_now = 0;
  std::vector<std::string> statements;
};

/// The settings of a run; `how` changes the defaults.
struct Options {
  explicit Options(const std::function<void(config::Settings&)>& how = {})
      : settings{make(how)}, tables{settings.tables, ""}, columns{settings} {}
  static config::Settings make(const std::function<void(config::Settings&)>& how) {
    config::Settings out;
    if (how) how(out);
    return out;
  }
  config::Settings settings;
  config::TableRules tables;
  config::ColumnRules columns;
  CaptureOptions capture{settings, tables, columns, "", {}, false, true, ""};
};

/// The log of a script, for who reads it again.
struct ScriptReader final : LogReader {
  void read(const LogPlace& from, const LogPlace& until, const Take& take) override {
    ++reads;
    if (gone || from.file != "binlog.000001") throw Error{ErrorCode::binlog_purged, Remedy::operate, "gone"};
    LogWalk walk{{from.file, 4}};
    for (const LogScript::Event& event : log) {
      if (!walk.short_of(until)) return;
      const ExactBytes bytes{event.bytes};
      const auto header = walk.look_at(bytes);
      if (!header) continue;
      if (!before(walk.place(), from) && !take({walk.place(), walk.format(), *header, bytes})) return;
      walk.pass(*header);
    }
    if (until.file.empty()) throw Error{ErrorCode::connection_lost, Remedy::retry, "ended"};
  }
  std::vector<LogScript::Event> log;
  bool gone = false;
  std::size_t reads = 0;
};

struct Scene {
  explicit Scene(const std::function<void(config::Settings&)>& how = {}, StreamDecoder::Input input = StreamDecoder::Input::file)
      : options{how}, decoder{options.capture, input, schemas, stats, again} {
    decoder.emitter().set_sink(sink);
    decoder.begin({"binlog.000001", 4}, false);
  }
  void feed(std::string_view event) { decoder.on_event(ExactBytes{event}); }
  Scene& feed(const LogScript& log, std::size_t first = 0) {
    again.log = log.events();
    for (std::size_t i = first; i < log.events().size(); ++i) feed(log.events()[i].bytes);
    return *this;
  }
  std::vector<std::string> texts() const { return sink.texts(); }

  Options options;
  ListedSchemas schemas;
  CaptureStats stats;
  RecordingSink sink;
  ScriptReader again;
  StreamDecoder decoder;
};

using Texts = std::vector<std::string>;

/// The error of running `body`, printed; empty when there is none.
inline std::string error_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}
inline std::string error_of(const LogScript& log, const std::function<void(config::Settings&)>& how = {}) {
  return error_of([&] { Scene{how}.feed(log); });
}

/// Collects log lines while it lives.
struct LoggedLines {
  LoggedLines() {
    set_log_writer([this](LogLevel, std::string_view line) { lines.emplace_back(line); });
  }
  ~LoggedLines() {
    set_log_writer([](LogLevel, std::string_view) {});
  }
  std::vector<std::string> lines;
};

}  // namespace cdc::capture
