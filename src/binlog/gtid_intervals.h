#pragma once

/// Sorted, disjoint, merged lists of closed intervals: the arithmetic under a GTID set.

#include <vector>

#include "cdc/binlog/gtid_set.h"

namespace cdc::binlog {

using GtidIntervals = std::vector<GtidInterval>;

/// Joins what overlaps or touches. Cheap at the end of the list.
void insert_interval(GtidIntervals& list, GtidInterval interval);
bool contains_number(const GtidIntervals& list, std::int64_t number) noexcept;
/// What is in `list` and not in `taken`.
GtidIntervals subtract(const GtidIntervals& list, const GtidIntervals& taken);

}  // namespace cdc::binlog
