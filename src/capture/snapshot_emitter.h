#pragma once

/// Rows of a snapshot to changes in the sink, with positions that are never ahead of what was delivered.
///
/// Workers read in parallel; what they read reaches the sink batch by batch under one lock, and that order defines everything. The
/// records of a batch carry the ranges as they were open before it, so resuming at any of them reads the batch again and
/// whatever other workers had in hand: nothing is missed, and at most a batch of what was delivered comes twice.
///
/// The last row that came is held back until the next batch, or the end: so the very last record of a snapshot is known, and it alone
/// carries the plain position where the stream begins. Whoever stored it takes no snapshot again; whoever did not, resumes one.
///
/// The number `n` counts on over the whole snapshot, resumed ones included, and each run has an id of its own: (id, n) never names two
/// rows. The stream's ordinals count up from 0; these from far above, as sinks keep what they made for one.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cdc/base/arena.h"
#include "cdc/model/change.h"
#include "cdc/mysql/packed_row.h"
#include "cdc/select/row_decoder.h"
#include "cdc/snapshot/range_board.h"
#include "mask.h"
#include "snapshot_start.h"
#include "snapshot_table.h"

namespace cdc::capture {

/// What a worker hands over: rows of a range, in order, and whether the range ends with them. All borrowed, `rows` for the call alone.
struct SnapshotDelivery {
  mysql::PackedRows rows;
  const SnapshotTable* table = nullptr;
  snapshot::RangeBoard::Range* range = nullptr;
  bool ends_range = false;
};

/// Everything here is done under the workers' lock.
class SnapshotEmitter {
 public:
  /// `position` is the stream's start; its `snap` names the run's id and what was delivered. All borrowed.
  SnapshotEmitter(const config::Settings& settings, SnapshotStart position, ChangeSink& sink) noexcept;

  /// The board that positions show from now on; what was held back for another one is forgotten.
  void begin(snapshot::RangeBoard& board);
  void deliver(const SnapshotDelivery& delivery);
  /// Everything is read: sends what was held back, as the last record.
  void finish();

  std::uint64_t rows() const noexcept { return rows_; }

 private:
  /// What becomes of a range when the last row of its delivery is sent.
  struct Held {
    const SnapshotTable* table = nullptr;  ///< None: nothing is held.
    snapshot::RangeBoard::Range* range = nullptr;
    bool ends_range = false;
    std::optional<std::string> last_key;
    std::vector<std::byte> row;
  };

  void hold(const SnapshotDelivery& delivery);
  void send_held();
  void apply(Held& held);
  void emit(const SnapshotTable& table, mysql::PackedRow row);
  void decode(const SnapshotTable& table, mysql::PackedRow row);
  void next_position();

  SnapshotStart position_;
  ChangeSink& sink_;
  snapshot::RangeBoard* board_ = nullptr;
  Masker masker_;
  Arena scratch_;
  select::RowDecoder decoder_{scratch_};
  std::vector<Value> row_, key_;
  bool marked_ = false;
  Transaction transaction_;
  Held held_;
  std::vector<Held> ends_;  ///< Ends of ranges without rows that came since.
  std::uint64_t rows_ = 0;
};

}  // namespace cdc::capture
