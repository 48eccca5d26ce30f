#include "cdc/select/table_reader.h"

#include <fmt/format.h>

#include <vector>

#include "cdc/base/arena.h"
#include "cdc/select/row_decoder.h"

namespace cdc::select {

TableReader::TableReader(mysql::Connection& connection) : connection_{connection} {
  connection_.query("SET SESSION character_set_results = NULL");
}

std::uint64_t TableReader::read(const RowPlan& plan, std::string_view tail, const OnRow& each) {
  Arena scratch;
  RowDecoder decoder{scratch};
  std::vector<Value> values(plan.fields.size());
  std::uint64_t row_count = 0;
  connection_.query_packed(fmt::format("SELECT {} FROM {} {}", plan.list, plan.table, tail), [&](mysql::PackedRows rows) {
    for (const mysql::PackedRow row : rows) {
      scratch.reset();
      const bool marked = decoder.decode(plan, row, values);
      each(values, marked);
    }
    row_count += rows.size();
  });
  return row_count;
}

}  // namespace cdc::select
