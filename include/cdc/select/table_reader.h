#pragma once

/// Reads rows of a table by SELECT, streamed, straight to values.

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "cdc/model/value.h"
#include "cdc/mysql/connection.h"
#include "cdc/select/row_plan.h"

namespace cdc::select {

/// One connection; one thread.
class TableReader {
 public:
  /// `values` has one entry a field of the plan, valid during the call; `marked`: some value carries a mark.
  using OnRow = std::function<void(std::span<const Value> values, bool marked)>;

  /// Tells the session to send texts as they are stored. `connection` is borrowed and keeps that.
  explicit TableReader(mysql::Connection& connection);

  /// `SELECT <list> FROM <table> <tail>`; `tail` is what follows the table's name (WHERE, ORDER BY, …), or empty. Returns how many rows
  /// there were. Throws Error; what `each` throws ends the read and the connection.
  std::uint64_t read(const RowPlan& plan, std::string_view tail, const OnRow& each);

 private:
  mysql::Connection& connection_;
};

}  // namespace cdc::select
