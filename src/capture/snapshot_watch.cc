#include "snapshot_watch.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/catalog/fields.h"
#include "server_facts.h"

namespace cdc::capture {
namespace {

constexpr std::chrono::seconds check_interval{10}, log_interval{10};
constexpr double retention_share_max = 0.5;       // of the log's retention that a snapshot may last without a word
constexpr std::uint64_t history_max = 5'000'000;  // undo records behind the views worth a word
constexpr std::chrono::minutes history_age_min{5};

std::uint64_t number(mysql::Connection& connection, const std::string& statement) {
  const auto text = connection.query_value(statement);
  return catalog::number_of<std::uint64_t>(text ? std::optional{std::string_view{*text}} : std::nullopt);
}

/// How long the server keeps its log, 0 = for ever.
std::uint64_t retention_s(mysql::Connection& connection) {
  const bool has_seconds =
      connection.version().flavor == mysql::Flavor::mariadb ? connection.version().at_least(10, 6) : connection.version().at_least(8, 0);
  return has_seconds ? number(connection, "SELECT @@GLOBAL.binlog_expire_logs_seconds")
                     : 86'400 * number(connection, "SELECT @@GLOBAL.expire_logs_days");
}

}  // namespace

void require_log_of(mysql::Connection& connection, const BinlogPosition& start) {
  bool there = true;
  if (!start.file.empty()) {
    const std::vector<LogFile> files = list_log_files(connection);
    there = std::any_of(files.begin(), files.end(), [&](const LogFile& file) { return file.name == start.file; });
  } else if (connection.version().flavor == mysql::Flavor::mysql && !start.gtid.empty()) {
    const std::string statement = fmt::format("SELECT GTID_SUBSET(@@GLOBAL.gtid_purged, {})", connection.quote(start.gtid));
    there = connection.query_value(statement) != "0";
  }
  if (there) return;
  throw Error{
      ErrorCode::binlog_purged, Remedy::operate,
      fmt::format("the server has deleted {}, where the stream behind the snapshot begins", start.file.empty() ? "the log" : start.file),
      "keep the log longer than a snapshot lasts (SET GLOBAL binlog_expire_logs_seconds=…), then start anew without a position"};
}

SnapshotWatch::SnapshotWatch(mysql::Connection& connection, const SnapshotTables& tables, const CaptureOptions& options,
                             const BinlogPosition& start)
    : connection_{connection},
      tables_{tables},
      options_{options},
      start_{start},
      next_report_{began_ + log_interval},
      next_check_{began_ + check_interval} {}

std::optional<double> SnapshotWatch::seconds_left(const SnapshotProgressCounts& counts, Clock::time_point now) const {
  const double took = std::chrono::duration<double>{now - began_}.count();
  const std::uint64_t all = tables_.estimated_rows();
  if (counts.rows == 0 || all == 0) return std::nullopt;
  return took * static_cast<double>(all - std::min(all, counts.rows)) / static_cast<double>(counts.rows);
}

void SnapshotWatch::tick(const SnapshotProgressCounts& counts) {
  const auto now = Clock::now();
  left_s_ = seconds_left(counts, now);
  report(counts, now);
  if (now < next_check_) return;
  next_check_ = now + check_interval;
  check_log();
  check_views(now);
}

void SnapshotWatch::report(const SnapshotProgressCounts& counts, Clock::time_point now) {
  const double took = std::chrono::duration<double>{now - began_}.count();
  const std::string line =
      fmt::format("snapshot: table {} of {}, {} rows, {:.0f} rows/s{}", counts.tables_begun, counts.tables, counts.rows,
                  static_cast<double>(counts.rows) / std::max(took, 0.001), left_s_ ? fmt::format(", about {:.0f} s left", *left_s_) : "");
  if (options_.on_snapshot_progress) return options_.on_snapshot_progress(line);
  if (now < next_report_) return;
  next_report_ = now + log_interval;
  log(LogLevel::info, line);
}

/// Gone already, or likely to be gone before the end.
void SnapshotWatch::check_log() {
  require_log_of(connection_, start_);
  const double keep_s = static_cast<double>(retention_s(connection_));
  const double lasts_s = std::chrono::duration<double>{Clock::now() - began_}.count() + left_s_.value_or(0);
  if (warned_retention_ || keep_s == 0 || lasts_s < keep_s * retention_share_max) return;
  warned_retention_ = true;
  log(LogLevel::warning,
      fmt::format("the snapshot will last about {:.0f} s and the server keeps its binlog for {:.0f} s, from which the stream "
                  "goes on afterwards: SET GLOBAL binlog_expire_logs_seconds to more, or raise snapshot.workers",
                  lasts_s, keep_s));
}

/// InnoDB cannot purge what changed since the views were opened.
void SnapshotWatch::check_views(Clock::time_point now) {
  if (warned_history_ || now - began_ < history_age_min) return;
  const std::uint64_t history =
      number(connection_, "SELECT COUNT FROM information_schema.innodb_metrics WHERE name = 'trx_rseg_history_len'");
  if (history < history_max) return;
  warned_history_ = true;
  log(LogLevel::warning,
      fmt::format("the snapshot's views are {} s old and the server holds {} old row versions that it cannot purge meanwhile",
                  std::chrono::duration_cast<std::chrono::seconds>(now - began_).count(), history));
}

}  // namespace cdc::capture
