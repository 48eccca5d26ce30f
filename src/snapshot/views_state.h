#pragma once

/// What open views hold on to.

#include <memory>
#include <vector>

#include "cdc/snapshot/views.h"
#include "table_lock.h"

namespace cdc::snapshot {

struct Views::State {
  std::vector<mysql::Connection> connections;
  StreamPoint point;
  Method method = Method::table_lock;
  std::uint32_t attempts = 0;
  std::vector<TableName> locked_tables;
  std::unique_ptr<TableLock> lock;
};

}  // namespace cdc::snapshot
