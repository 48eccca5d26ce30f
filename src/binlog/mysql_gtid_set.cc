#include <algorithm>
#include <cassert>

#include "cdc/binlog/gtid_set.h"
#include "gtid_intervals.h"

namespace cdc::binlog {

std::size_t MysqlGtidSet::lower_bound(const Uuid& uuid, std::string_view tag) const noexcept {
  const auto before = [&](const Source& s) { return s.uuid < uuid || (s.uuid == uuid && s.tag < tag); };
  return static_cast<std::size_t>(std::ranges::partition_point(sources_, before) - sources_.begin());
}

MysqlGtidSet::Source& MysqlGtidSet::source(const Uuid& uuid, std::string_view tag) {
  if (hot_ < sources_.size() && sources_[hot_].is(uuid, tag)) return sources_[hot_];
  hot_ = lower_bound(uuid, tag);
  if (hot_ == sources_.size() || !sources_[hot_].is(uuid, tag))
    sources_.insert(sources_.begin() + static_cast<std::ptrdiff_t>(hot_), Source{uuid, std::string{tag}, {}, 0});
  return sources_[hot_];
}

const MysqlGtidSet::Source* MysqlGtidSet::find(const Uuid& uuid, std::string_view tag) const noexcept {
  const std::size_t at = lower_bound(uuid, tag);
  return at < sources_.size() && sources_[at].is(uuid, tag) ? &sources_[at] : nullptr;
}

void MysqlGtidSet::add(const Uuid& uuid, std::string_view tag, std::int64_t gno) {
  assert(gno >= 1 && gno <= gtid_number_max);
  Source& s = source(uuid, tag);
  if (!s.intervals.empty() && s.intervals.back().last + 1 == gno) {
    s.intervals.back().last = gno;
    count_up_text(s);
  } else if (!contains_number(s.intervals, gno)) {
    insert_interval(s.intervals, {gno, gno});
    text_.clear();
  }
}

bool MysqlGtidSet::contains(const Uuid& uuid, std::string_view tag, std::int64_t gno) const noexcept {
  const Source* const s = find(uuid, tag);
  return s != nullptr && contains_number(s->intervals, gno);
}

bool MysqlGtidSet::contains(const MysqlGtidSet& other) const { return other.minus(*this).empty(); }

MysqlGtidSet MysqlGtidSet::minus(const MysqlGtidSet& other) const {
  MysqlGtidSet out;
  for (const Source& s : sources_) {
    const Source* const taken = other.find(s.uuid, s.tag);
    GtidIntervals left = taken == nullptr ? s.intervals : subtract(s.intervals, taken->intervals);
    if (!left.empty()) out.sources_.push_back({s.uuid, s.tag, std::move(left), 0});
  }
  return out;
}

void MysqlGtidSet::merge(const MysqlGtidSet& other) {
  if (&other == this) return;
  for (const Source& s : other.sources_) {
    GtidIntervals& into = source(s.uuid, s.tag).intervals;
    for (const GtidInterval& interval : s.intervals) insert_interval(into, interval);
  }
  text_.clear();
}

}  // namespace cdc::binlog
