#pragma once

/// Views that show the same rows, without a point of the binlog: for changes that are kept in tables.
///
/// All views are opened at once, then each is asked the same question, whose answer changes with every change of the tables that are to be
/// read. Equal answers: equal views. Where commits come between again and again, one view is left, which is equal to itself.

#include <functional>
#include <stop_token>
#include <string>

#include "cdc/snapshot/views.h"

namespace cdc::snapshot {

struct EqualViewOptions {
  std::vector<TableName> tables;              ///< What will be read, as the server spells it.
  std::string question;                       ///< A SELECT of one row.
  std::function<void()> before_opening = {};  ///< Called once everything is connected.
};

/// Opens `count` views, or at least one. Their `point` is empty. Throws Error: snapshot_engine, and what connecting and queries throw.
Views open_equal_views(const mysql::Endpoint& endpoint, std::size_t count, const EqualViewOptions& options, const std::stop_token& stop);

}  // namespace cdc::snapshot
