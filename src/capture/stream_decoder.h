#pragma once

/// Events of one log, in order, to changes: files, transactions, statements, rows.
///
/// Order and completeness: events are handled in the order of the log, and every event type is either decoded,
/// known to carry no row, or refused by name, so no change can be passed over silently. A transaction's records
/// are emitted as its rows come: the servers write a transaction to the log as one unit at its commit, so what
/// is read is committed. The exceptions: rows of XA transactions wait for their XA COMMIT (prepared_xa.h), ROLLBACK
/// after rows is refused where it shows.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "cdc/binlog/event.h"
#include "cdc/binlog/inflater.h"
#include "cdc/binlog/payload_reader.h"
#include "cdc/binlog/query_event.h"
#include "cdc/binlog/row_fragments.h"
#include "cdc/binlog/rows_event.h"
#include "cdc/binlog/statement.h"
#include "cdc/capture/binlog_source.h"
#include "change_emitter.h"
#include "gtid_tracker.h"
#include "log_walk.h"
#include "prepared_xa.h"
#include "schema_provider.h"
#include "statement_guard.h"
#include "table_registry.h"

namespace cdc::capture {

/// How a stream joins what was delivered before.
struct ResumePoint {
  LogPlace place;               ///< Transactions that begin before it are passed over; no file = none are.
  binlog::MysqlGtidSet gtids;   ///< Transactions in it are passed over (files; a server leaves them out itself).
  std::uint64_t delivered = 0;  ///< Records of the first transaction that are not sent again.
  bool exact = false;           ///< The first transaction must begin right at `place`, else the history differs.
};

class StreamDecoder {
 public:
  enum class Input : std::uint8_t { server, file };

  /// All is borrowed; `again` reads the log again where that is needed.
  StreamDecoder(const CaptureOptions& options, Input input, SchemaProvider& schemas, CaptureStats& stats, LogReader& again);

  /// A new dump or file begins at `place`; what was open is forgotten. What is known of the GTID set stays.
  void begin(LogPlace place, bool mariadb);
  /// What to pass over before records are emitted. Set before the first event.
  void resume_at(ResumePoint point) { resume_ = std::move(point), resume_pending_ = true; }

  /// A table that exists: dropping its schema drops it, though no event may have named it yet.
  void know_table(const std::string& schema, const std::string& table) { tables_.captures(schema, table); }

  /// One event, whole. Throws Error with `file:offset` in front.
  void on_event(std::span<const std::byte> event);

  ChangeEmitter& emitter() noexcept { return emitter_; }
  const ChangeEmitter& emitter() const noexcept { return emitter_; }
  /// What was open before the stream's start.
  void set_prepared(PreparedXa prepared) { prepared_ = std::move(prepared); }
  /// XA transactions whose end is still to come.
  PreparedXa& prepared() noexcept { return prepared_; }
  GtidTracker& gtids() noexcept { return gtids_; }
  const GtidTracker& gtids() const noexcept { return gtids_; }
  /// Where the next event begins.
  const LogPlace& place() const noexcept { return place_; }
  bool in_transaction() const noexcept { return group_ != Group::none; }
  /// Whether no transaction behind the resume point came yet.
  bool joining() const noexcept { return resume_pending_; }
  const TableRegistry& tables() const noexcept { return tables_; }
  /// How a new dump of the same log joins what was delivered.
  ResumePoint rejoin() const;
  /// Where a resume must start: the open transaction's first event, else `place`.
  LogPlace transaction_place() const { return in_transaction() ? LogPlace{place_.file, transaction_at_} : place_; }

 private:
  enum class Group : std::uint8_t {
    none,
    announced,  ///< A GTID event came: one statement, or BEGIN, follows.
    open,
    implicit,  ///< Rows without BEGIN, as very old servers logged them: ends with its statement.
  };

  void check_size_and_checksum(std::span<const std::byte> event, const binlog::EventHeader& header) const;
  void advance(const binlog::EventHeader& header);
  std::uint64_t widened(std::uint64_t low_end) const noexcept;
  void dispatch(const binlog::EventHeader& header, Reader& body, std::span<const std::byte> event);
  bool on_row_path(const binlog::EventHeader& header, Reader& body, std::span<const std::byte> event);
  bool on_control_path(const binlog::EventHeader& header, Reader& body, std::span<const std::byte> event);
  void on_other(const binlog::EventHeader& header);
  void refuse(const binlog::EventHeader& header);

  void on_format_description(std::span<const std::byte> event);
  void set_map_format();
  void on_rotate(Reader& body);
  void on_heartbeat(const binlog::EventHeader& header, Reader& body);
  void on_mysql_gtid(const binlog::EventHeader& header, Reader& body);
  void on_mariadb_gtid(const binlog::EventHeader& header, Reader& body);
  void on_query(const binlog::EventHeader& header, Reader& body);
  void on_statement(const binlog::QueryEvent& query, const binlog::Statement& statement, binlog::SqlDialect dialect);
  void tell_of(const binlog::QueryEvent& query, const binlog::Statement& statement, binlog::SqlDialect dialect);
  void on_group_statement(const binlog::EventHeader& header, const binlog::Statement& statement);
  void on_table_map(const binlog::EventHeader& header, Reader& body);
  void on_rows(const binlog::EventHeader& header, Reader& body);
  void on_wanted_rows(binlog::RowsView& rows);
  void on_row_fragment(Reader& body);
  void forbid_open_fragments(const binlog::EventHeader& header) const;
  void on_payload(Reader& body);
  void on_incident(Reader& body);
  void on_load(const binlog::EventHeader& header, Reader& body);
  void on_rows_query(const binlog::EventHeader& header, Reader& body);

  void announce(const binlog::EventHeader& header, std::uint64_t committed_at_us, std::uint32_t thread_id);
  void open_group(const binlog::EventHeader& header, Group group);
  void end_group();
  void forbid_rollback(std::string_view statement) const;
  void forbid_open_end() const;
  RowTime now() const { return {{place_.file, event_at_}, committed_at_us_}; }
  bool passes_over() const;
  bool lies_before_start() const;
  void join();
  void forbid_start_inside() const;

  class Replay;
  void begin_xa();
  bool hold_back(const binlog::EventHeader& header, const Reader& body, std::span<const std::byte> event);
  PreparedXa::Transaction take_held(const binlog::EventHeader& header);
  void on_xa_prepare(const binlog::EventHeader& header, Reader& body);
  void on_xa_end(std::string_view sql, bool committed);
  void deliver_prepared(const PreparedXa::Transaction& prepared, std::string_view name);
  void read_prepared_again(const PreparedXa::Transaction& prepared, std::string_view name);
  bool replay(const ReadEvent& event, std::string_view name);
  bool replay_one(std::span<const std::byte> event, binlog::ChecksumAlgorithm checksum, std::string_view name);
  bool replay_payload(Reader& body, std::string_view name);
  void report_xa(std::string what) const;

  const CaptureOptions& options_;
  const Input input_;
  SchemaProvider& schemas_;
  CaptureStats& stats_;
  LogReader& again_;
  PreparedXa prepared_;
  TableRegistry tables_;
  StatementGuard guard_;
  ChangeEmitter emitter_;
  GtidTracker gtids_;
  binlog::Inflater query_inflater_, rows_inflater_;
  binlog::PayloadReader payload_;
  binlog::RowFragments fragments_;

  binlog::FormatDescription format_;
  binlog::TableMap::Format map_format_;
  bool have_format_ = false;
  bool mariadb_ = false;
  bool undecided_alter_ = false;  ///< The open group is MariaDB's START ALTER, or the ROLLBACK ALTER of one.
  bool prepared_xa_ = false;      ///< The open group ends in XA PREPARE.
  bool held_captured_ = false;    ///< It has a captured table.
  HeldEvents held_;               ///< Its events.
  std::string ending_xa_;         ///< The transaction that the open group ends.
  Group group_ = Group::none;
  LogPlace place_;  ///< End of what was read.
  ResumePoint resume_;
  bool resume_pending_ = false;  ///< No transaction behind the resume point came yet.
  bool passed_over_ = false;     ///< The open transaction lies before the resume point.
  std::uint64_t event_at_ = 0;   ///< Start of the current event (of the payload, for events inside).
  std::uint64_t transaction_at_ = 0;
  std::uint64_t committed_at_us_ = 0;
};

}  // namespace cdc::capture
