#pragma once

/// Which rows are still to be delivered, and who reads what: the tables in order, cut into ranges of their keys.
///
/// All workers share the earliest table that has rows nobody has taken. What is taken is not what is delivered: `progress` says the
/// latter, and is what a position carries. Not thread-safe: the reader's one lock covers it. Knows no SQL and no order of keys: cuts
/// are given to it.

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cdc/model/snapshot_progress.h"

namespace cdc::snapshot {

/// (schema, table) in byte order, each once.
using TableList = std::vector<std::pair<std::string, std::string>>;

class RangeBoard {
 public:
  /// Rows with next < key <= high of a table; empty = no bound. At an address of its own until it is finished.
  struct Range {
    std::size_t table;  ///< Index into the list.
    std::string next, high;
    bool taken = false;
    bool dividing = true;  ///< Taken, and the taker may still give a part of it back.
  };

  /// `from`: where an earlier run came to; ranges of tables that are no longer there are dropped. `tables` is borrowed.
  RangeBoard(const TableList& tables, const SnapshotProgress& from);

  /// The next range: what was given back, else the next table whole. Null when there is none now.
  Range* take();
  /// Null from `take` is not the end yet: somebody may give a part back.
  bool may_get_more() const noexcept;
  /// `range` ends at `cut`; what is behind is for anybody.
  void divide(Range& range, std::string cut);
  /// What `range` has now stays its taker's.
  void keep(Range& range) noexcept { range.dividing = false; }

  /// Delivered up to this key; then all of it, and `range` is gone.
  void advance(Range& range, std::string next) { range.next = std::move(next); }
  void finish(Range& range);

  bool finished() const noexcept { return ranges_.empty() && begun_ == tables_.size(); }
  std::size_t tables_begun() const noexcept { return begun_; }
  std::size_t open_ranges() const noexcept { return ranges_.size(); }
  SnapshotProgress progress() const;

 private:
  const TableList& tables_;
  std::string id_;
  std::pair<std::string, std::string> done_;
  std::size_t begun_ = 0;  ///< Tables before this one are delivered or in `ranges_`.
  std::list<Range> ranges_;
};

}  // namespace cdc::snapshot
