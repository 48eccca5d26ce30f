#pragma once

/// Rows of one transaction to changes in the sink: positions, sequence numbers, resumption, key changes.
///
/// Why a resume loses and repeats nothing: a position names its transaction's first byte and how many records
/// of it were emitted (`n`). Rows of a transaction always come in the same order, and what turns rows into
/// records depends only on the settings, whose hash the position carries. So dumping from the same start and
/// dropping the first `n` records continues exactly behind the last one; with other settings nothing is
/// dropped and the transaction comes again whole.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "cdc/base/arena.h"
#include "cdc/binlog/row_decoder.h"
#include "cdc/binlog/rows_event.h"
#include "cdc/capture/binlog_source.h"
#include "cdc/model/change.h"
#include "extra_records.h"
#include "gtid_tracker.h"
#include "mask.h"
#include "table_registry.h"

namespace cdc::capture {

/// What is known when a transaction opens; rendered only when it turns out to have a captured row.
struct TransactionStart {
  std::uint64_t at = 0;
  std::uint64_t committed_at_us = 0;
  std::uint32_t server_id = 0;
  std::uint32_t thread_id = 0;
};

class ChangeEmitter {
 public:
  /// `extra_schema_id`: see ExtraRecords.
  ChangeEmitter(const config::Settings& settings, std::string rules, CaptureStats& stats, std::uint64_t extra_schema_id = 0);

  /// Who the position will say it belongs to; `origin` begins `mysql.txn` where there is no GTID.
  void set_server(std::string fingerprint, std::string origin);
  /// PreparedXa::oldest, borrowed: what positions say as `xa`.
  void set_oldest_xa(const std::string& place) noexcept { oldest_xa_ = &place; }
  void set_sink(ChangeSink& sink) noexcept { sink_ = &sink; }
  /// The next transaction's first `count` records were delivered before.
  void skip_next(std::uint64_t count) noexcept { skip_ = count; }

  /// A transaction opens; `file` and `gtids` are borrowed until the next `open`.
  void open(const TransactionStart& start, const std::string& file, GtidTracker& gtids);
  void close();
  /// The same file name, in another place; borrowed.
  void set_file(const std::string& file) noexcept { file_ = &file; }
  /// Connection id and statement text come after the start.
  void set_thread(std::uint32_t thread_id) noexcept;
  void set_statement(std::string_view sql);

  /// All rows of one rows event. Throws Error naming table and row.
  void on_rows(const binlog::RowsView& rows, const CapturedTable& table);
  /// A record that is no row, of the open transaction.
  void on_extra(const ExtraRecord& record);

  std::uint64_t emitted_in_transaction() const noexcept { return position_.n; }
  /// The same with what was delivered before and did not come again yet.
  std::uint64_t delivered_in_transaction() const noexcept { return std::max(position_.n, skip_); }
  /// Where to resume: the open transaction's start and what of it is delivered. `n` is 0 between transactions.
  const BinlogPosition& position() const noexcept { return position_; }

 private:
  void render();
  void begin_records();
  void deliver_extra(const ExtraRecord& record);
  bool count_up() noexcept;
  void decode(const binlog::PresentColumns& present, const CapturedTable& table, Reader& rows, std::vector<Value>& image,
              binlog::ImageTraits& traits);
  void emit_key_change(const CapturedTable& table, const binlog::ImageTraits& traits);
  void decode_partial(const binlog::PresentColumns& present, const CapturedTable& table, Reader& rows, binlog::ImageTraits& traits);
  void mask(const CapturedTable& table, binlog::RowsKind kind);
  void emit(Operation operation, KeyChange key_change, const CapturedTable& table, bool with_before, bool with_after,
            const binlog::ImageTraits& traits);
  void require_key(const TableSchema& schema, binlog::RowsKind kind) const;
  bool key_differs(const TableSchema& schema) const noexcept;

  CaptureStats& stats_;
  ChangeSink* sink_ = nullptr;
  Masker masker_;
  ExtraRecords extras_;
  Arena scratch_;
  binlog::RowDecoder decoder_{scratch_};
  std::vector<Value> before_, after_;

  Transaction transaction_;
  BinlogPosition position_;
  TransactionStart start_;
  const std::string* file_ = nullptr;
  const std::string* oldest_xa_ = nullptr;
  GtidTracker* gtids_ = nullptr;
  std::string origin_;
  bool rendered_ = false;
  std::uint64_t skip_ = 0;
  std::uint64_t extra_count_ = 0;  ///< Of `position_.n`, those that are no rows.
};

}  // namespace cdc::capture
