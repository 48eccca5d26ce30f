#pragma once

/// From table map to what the row loop needs: layout, schema, key, filters. Resolved once a distinct map.
///
/// The servers resend the map before every statement. Its bytes are compared with those last seen under the
/// same id (memcmp), so a repeated map costs a comparison. Ids are reused after a restart and change with DDL:
/// an id alone never selects a schema.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "cdc/binlog/row_layout.h"
#include "cdc/binlog/table_map.h"
#include "cdc/config/settings.h"
#include "cdc/config/table_rules.h"
#include "cdc/model/table_schema.h"
#include "schema_provider.h"

namespace cdc::capture {

struct MaskedSlot {
  std::size_t slot;
  config::MaskMethod method;
};

/// One captured table at one shape. Lives as long as the registry.
struct CapturedTable {
  TableSchema schema;
  binlog::RowLayout layout;
  std::vector<MaskedSlot> masks;
};

/// What a table map stands for. `captured` is null when the rules leave the table out: its rows are not decoded.
struct MappedTable {
  std::vector<std::byte> map_bytes;
  const CapturedTable* captured = nullptr;
  bool self_described = false;       ///< Named by the map itself: DDL cannot make it stale.
  std::uint64_t statement = 0;       ///< The statement in which the map was last seen: maps end with theirs.
  std::uint64_t schema_version = 0;  ///< Of the registry when it was resolved.
  std::size_t column_count = 0;
};

class TableRegistry {
 public:
  TableRegistry(const config::Settings& settings, const config::TableRules& tables, const config::ColumnRules& columns,
                SchemaProvider& schemas, std::uint64_t first_schema_id = 0);

  /// A TABLE_MAP went by; `body` without header and checksum. Throws Error(event_malformed, schema_*, column_unsupported).
  void on_table_map(std::span<const std::byte> body, const binlog::TableMap::Format& format, const RowTime& when);
  /// The table of a rows event; null when no map of this statement has that id.
  MappedTable* find(std::uint64_t table_id) noexcept;
  /// A statement or transaction ended: its maps are no longer valid.
  void end_statement() noexcept { ++statement_; }
  /// Another file or server: ids start again.
  void forget_ids() { mapped_.clear(), last_ = nullptr, ++statement_; }
  /// DDL went by: what was named by the catalog is asked again.
  void on_ddl() noexcept { ++schema_version_; }

  /// What the rules say of a table, whether it exists or not.
  bool captures(const std::string& schema, const std::string& table);
  /// The captured tables of `schema` seen so far.
  std::vector<std::string> captured_in(const std::string& schema) const;
  /// All tables that were asked about so far, as (schema, table).
  std::vector<std::pair<std::string, std::string>> seen() const;

 private:
  void resolve(MappedTable& mapped, const binlog::TableMap& map, const RowTime& when);
  const CapturedTable& build(const binlog::TableMap& map, const catalog::CatalogTable* known, const catalog::CatalogTable* now);
  void forget_old_maps();

  const config::Settings& settings_;
  const config::TableRules& tables_;
  const config::ColumnRules& columns_;
  SchemaProvider& schemas_;
  std::unordered_map<std::uint64_t, MappedTable> mapped_;
  MappedTable* last_ = nullptr;
  std::uint64_t last_id_ = 0;
  std::map<std::pair<std::string, std::string>, bool> captures_;
  std::deque<CapturedTable> built_;  ///< Stable addresses; kept to the end: sinks keep references.
  std::map<std::pair<std::string, std::string>, const CapturedTable*> latest_;  ///< So that an unchanged shape is not built again.
  std::uint64_t statement_ = 1;
  std::uint64_t schema_version_ = 0;
  std::uint64_t next_schema_id_;
};

}  // namespace cdc::capture
