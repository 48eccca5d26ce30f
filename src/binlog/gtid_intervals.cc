#include "gtid_intervals.h"

#include <algorithm>

namespace cdc::binlog {

void insert_interval(GtidIntervals& list, GtidInterval interval) {
  if (list.empty() || list.back().last + 1 < interval.first) return list.push_back(interval);
  // The first that ends at or after the number before ours, up to the last that begins by the number after it.
  const auto begin = std::ranges::lower_bound(list, interval.first - 1, {}, &GtidInterval::last);
  const auto end = std::ranges::upper_bound(begin, list.end(), interval.last + 1, {}, &GtidInterval::first);
  if (begin == end) {
    list.insert(begin, interval);
    return;
  }
  begin->first = std::min(begin->first, interval.first);
  begin->last = std::max(std::prev(end)->last, interval.last);
  list.erase(std::next(begin), end);
}

bool contains_number(const GtidIntervals& list, std::int64_t number) noexcept {
  const auto at = std::ranges::lower_bound(list, number, {}, &GtidInterval::last);
  return at != list.end() && at->first <= number;
}

GtidIntervals subtract(const GtidIntervals& list, const GtidIntervals& taken) {
  GtidIntervals out;
  auto cut = taken.begin();
  for (GtidInterval rest : list) {
    while (cut != taken.end() && cut->last < rest.first) ++cut;
    for (auto c = cut; c != taken.end() && c->first <= rest.last; ++c) {
      if (c->first > rest.first) out.push_back({rest.first, c->first - 1});
      rest.first = c->last + 1;
    }
    if (rest.first <= rest.last) out.push_back(rest);
  }
  return out;
}

}  // namespace cdc::binlog
