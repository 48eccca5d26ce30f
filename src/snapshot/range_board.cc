#include "cdc/snapshot/range_board.h"

#include <algorithm>

namespace cdc::snapshot {

RangeBoard::RangeBoard(const TableList& tables, const SnapshotProgress& from) : tables_{tables}, id_{from.id}, done_{from.done} {
  if (!done_.second.empty()) begun_ = static_cast<std::size_t>(std::upper_bound(tables.begin(), tables.end(), done_) - tables.begin());
  for (const SnapshotRange& range : from.open) {
    const auto name = std::pair{range.schema, range.table};
    const auto at = std::lower_bound(tables.begin(), tables.end(), name);
    if (at == tables.end() || *at != name || static_cast<std::size_t>(at - tables.begin()) >= begun_) continue;
    ranges_.push_back({static_cast<std::size_t>(at - tables.begin()), range.next, range.high});
  }
}

RangeBoard::Range* RangeBoard::take() {
  auto at = std::find_if(ranges_.begin(), ranges_.end(), [](const Range& range) { return !range.taken; });
  if (at == ranges_.end()) {
    if (begun_ == tables_.size()) return nullptr;
    done_ = tables_[begun_];
    at = ranges_.insert(ranges_.end(), {begun_++, {}, {}});
  }
  at->taken = at->dividing = true;
  return &*at;
}

bool RangeBoard::may_get_more() const noexcept {
  return std::any_of(ranges_.begin(), ranges_.end(), [](const Range& range) { return !range.taken || range.dividing; });
}

void RangeBoard::divide(Range& range, std::string cut) {
  const auto at = std::find_if(ranges_.begin(), ranges_.end(), [&](const Range& each) { return &each == &range; });
  ranges_.insert(std::next(at), {range.table, cut, std::move(range.high)});
  range.high = std::move(cut);
  range.dividing = false;
}

void RangeBoard::finish(Range& range) {
  ranges_.remove_if([&](const Range& each) { return &each == &range; });
}

SnapshotProgress RangeBoard::progress() const {
  SnapshotProgress out{id_, done_, {}};
  for (const Range& range : ranges_) out.open.push_back({tables_[range.table].first, tables_[range.table].second, range.next, range.high});
  return out;
}

}  // namespace cdc::snapshot
