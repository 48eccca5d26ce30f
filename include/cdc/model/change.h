#pragma once

/// One row change and everything a sink may want to know of it.

#include <cstdint>
#include <span>
#include <string>

#include "cdc/model/position.h"
#include "cdc/model/table_schema.h"
#include "cdc/model/value.h"

namespace cdc {

enum class Operation : std::uint8_t { create, update, delete_, snapshot };

/// Set when one UPDATE that changed the key was split into a delete and a create.
enum class KeyChange : std::uint8_t { none, old_key, new_key };

/// The transaction a change belongs to. Borrowed by Change; rewritten in place for the next one.
struct Transaction {
  std::uint64_t ordinal = 0;          ///< Grows by one a transaction: "is this still the one I rendered?".
  std::string id;                     ///< `mysql.txn`: the GTID, else `uuid:file:pos`; of a changelog `epoch:seq`.
  std::uint64_t committed_at_us = 0;  ///< Unix microseconds on the server we read; 0 unknown.
  std::string file;                   ///< Binlog file and offset of its first event; empty of a changelog.
  std::uint64_t at = 0;
  std::uint32_t server_id = 0;  ///< Server that first executed it.
  std::uint32_t thread_id = 0;  ///< Connection that executed it there; 0 unknown.
  std::string sql;              ///< Statement text when the server logs it; of the current statement.
};

/// One row change. Every member is borrowed and valid only during `ChangeSink::on_change`.
struct Change {
  Operation operation;
  KeyChange key_change;
  bool marked;                    ///< Some value carries a ValueMark other than none.
  bool partial;                   ///< Some value is absent.
  const TableSchema& table;       ///< Outlives the run.
  std::span<const Value> before;  ///< Empty, or one a column of `table`.
  std::span<const Value> after;   ///< Empty, or one a column of `table`.
  const Transaction& transaction;
  PositionRef position;  ///< Resuming here yields the change after this one; `position.n` is `mysql.seq`.
};

/// Takes the changes. Virtual per row, never per value.
class ChangeSink {
 public:
  virtual ~ChangeSink() = default;
  /// May block: that is the back-pressure. Copies what it keeps.
  virtual void on_change(const Change& change) = 0;
  /// The source would have to wait for more, between two transactions: the moment to flush.
  virtual void on_idle() {}
};

}  // namespace cdc
