#pragma once

/// Which tables a read view covers.

#include <span>
#include <string>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/mysql/connection.h"
#include "cdc/snapshot/views.h"

namespace cdc::snapshot {

/// A table whose engine keeps no versions of rows.
struct UncoveredTable {
  TableName name;
  std::string engine;
};
/// Those among `tables`, sorted.
std::vector<UncoveredTable> uncovered_tables(mysql::Connection& connection, std::span<const TableName> tables);

Error uncovered_error(std::span<const UncoveredTable> tables);

}  // namespace cdc::snapshot
