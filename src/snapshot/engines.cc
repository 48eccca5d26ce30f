#include "engines.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cdc/catalog/fields.h"

namespace cdc::snapshot {
namespace {

constexpr std::size_t shown_max = 5;

}  // namespace

std::vector<UncoveredTable> uncovered_tables(mysql::Connection& connection, std::span<const TableName> tables) {
  const std::set<TableName> wanted{tables.begin(), tables.end()};
  std::vector<UncoveredTable> out;
  connection.query(
      "SELECT TABLE_SCHEMA, TABLE_NAME, ENGINE FROM information_schema.TABLES WHERE ENGINE NOT IN ('InnoDB', 'ROCKSDB') AND TABLE_SCHEMA "
      "NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')",
      [&](mysql::RowView row) {
        TableName name{catalog::text_of(row[0]), catalog::text_of(row[1])};
        if (wanted.contains(name)) out.push_back({std::move(name), catalog::text_of(row[2])});
      });
  std::ranges::sort(out, {}, &UncoveredTable::name);
  return out;
}

Error uncovered_error(std::span<const UncoveredTable> tables) {
  std::string list;
  for (const UncoveredTable& one : tables.first(std::min(tables.size(), shown_max)))
    list += fmt::format("{}{}.{} ({})", list.empty() ? "" : ", ", mysql::quote_name(one.name.schema), mysql::quote_name(one.name.table),
                        one.engine);
  if (tables.size() > shown_max) list += fmt::format(" and {} more", tables.size() - shown_max);
  const TableName& first = tables.front().name;
  return Error{ErrorCode::snapshot_engine, Remedy::operate,
               fmt::format("no consistent view covers tables of engines without transactions: {}", list),
               fmt::format("ALTER TABLE {}.{} ENGINE=InnoDB, or leave them out of tables, or allow them to be locked while they are read: "
                           "snapshot.lock=brief",
                           mysql::quote_name(first.schema), mysql::quote_name(first.table))};
}

}  // namespace cdc::snapshot
