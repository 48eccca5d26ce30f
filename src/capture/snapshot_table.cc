#include "snapshot_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"
#include "table_builder.h"

namespace cdc::capture {
namespace {

std::string conditions(const SnapshotTable& table, const std::string& next, const std::string& high, const std::string& filter) {
  std::string out;
  const auto add = [&](const std::string& condition) { out.append(out.empty() ? "WHERE " : " AND ").append(condition); };
  if (table.key && !next.empty()) add(table.key->above(next));
  if (table.key && !high.empty()) add(table.key->up_to(high));
  if (!filter.empty()) add(filter);
  return out;
}

/// The rows' own order: whatever other keys the server would like better for a condition, it would have to sort by this one.
std::string from_key(const SnapshotTable& table) { return table.plan.table + (table.key ? " FORCE INDEX (PRIMARY)" : ""); }

}  // namespace

std::string SnapshotTable::read_statement(const std::string& next, const std::string& high) const {
  return fmt::format("SELECT {} FROM {} {} {}", plan.list, from_key(*this), conditions(*this, next, high, filter),
                     key ? "ORDER BY " + key->order_by() : std::string{});
}

std::string SnapshotTable::ends_statement(const std::string& next, const std::string& high) const {
  return fmt::format("SELECT MIN({0}), MAX({0}) FROM {1} {2}", key->first_name(), from_key(*this), conditions(*this, next, high, {}));
}

std::string SnapshotTable::boundary_statement(const std::string& next, const std::string& high, std::uint64_t rows) const {
  return fmt::format("SELECT {} FROM {} {} ORDER BY {} LIMIT 1 OFFSET {}", key->text_list(), from_key(*this),
                     conditions(*this, next, high, {}), key->order_by(), rows - 1);
}

SnapshotTable build_snapshot_table(const catalog::CatalogTable& table, mysql::Flavor flavor, const config::Settings& settings,
                                   const config::ColumnRules& rules) {
  SnapshotTable out;
  out.schema.schema = table.schema;
  out.schema.table = table.table;
  std::vector<std::size_t> selected;
  for (const std::size_t index : select::shown_columns(table)) {
    Column column = table.columns[index].column;
    if (rules.excluded(table.schema, table.table, column.name)) continue;
    if (const auto method = rules.mask(table.schema, table.table, column.name)) {
      column.masked = true;
      out.masks.push_back({selected.size(), *method});
    }
    out.schema.columns.push_back(std::move(column));
    selected.push_back(index);
  }
  const auto slot_of = [&](std::size_t index) {
    const auto at = std::find(selected.begin(), selected.end(), index);
    if (at == selected.end()) throw_key_excluded(table.columns[index].column.name);
    return static_cast<std::size_t>(at - selected.begin());
  };
  for (const auto& part : table.primary_key) out.schema.key.push_back(slot_of(part.column_index));
  set_key_kind(out.schema, settings);
  check_masked_key(out.schema, out.masks);
  out.plan = select::RowPlan::compile(table, selected, flavor);
  out.key = snapshot::TableKey::of(table);
  if (out.key)
    for (const std::size_t index : out.key->columns()) out.key_slots.push_back(slot_of(index));
  const auto filter = settings.snapshot_where.find(qualified_name(out.schema));
  if (filter != settings.snapshot_where.end()) out.filter = fmt::format("({})", filter->second);
  return out;
}

}  // namespace cdc::capture
