#pragma once

/// Records that are no rows: what else the log tells of captured tables and transactions, for those who ask for it (`events`).
///
/// They look like rows created in a table `mysql`.`events` (a schema that is never captured), so that everything downstream takes them as
/// it takes rows: Avro, JSON, batches, positions. They count in a position's `n` like rows, in the place of the log where their cause
/// stands; which kinds there are is part of the position's `rules`. So a resume drops exactly those that were delivered.
///
/// Statements are handed on as the log has them, and only of captured tables: no statement about users, which could hold a password, is.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "cdc/config/settings.h"
#include "cdc/model/change.h"

namespace cdc::capture {

/// What happened; the payload's `type`.
enum class ExtraKind : std::uint8_t {
  truncate,   ///< All rows of the table are gone.
  drop,       ///< The table is gone, or was created anew in its place.
  partition,  ///< Rows of a partition or tablespace went or came.
  ddl,        ///< Any other DDL that names the table.
  begin,      ///< A transaction's first record.
  end,        ///< Its last, with the count of its rows' records.
};

struct ExtraRecord {
  ExtraKind kind;
  std::string_view schema = {}, table = {};  ///< Empty: null.
  std::string_view sql = {};                 ///< In the client's charset; empty: null.
  std::optional<std::uint64_t> count = std::nullopt;
};

class ExtraRecords {
 public:
  /// `schema_id` is the TableSchema::id of the records; used only when `any_wanted`.
  ExtraRecords(const config::Settings& settings, std::uint64_t schema_id);

  static bool any_wanted(const config::Settings& settings) noexcept;
  bool wants_transactions() const noexcept { return wants_transactions_; }

  const TableSchema& schema() const noexcept { return schema_; }
  /// One value a column; valid until the next call, as long as the record's texts and the transaction's.
  std::span<const Value> values(const ExtraRecord& record, const Transaction& transaction);

 private:
  enum Slot : std::uint8_t { type, schema_name, table_name, sql, txn, time, count, slot_count };

  TableSchema schema_;
  bool wants_transactions_;
  std::string sql_, schema_text_, table_text_;  ///< Made valid UTF-8.
  std::array<Value, slot_count> values_{};
};

}  // namespace cdc::capture
