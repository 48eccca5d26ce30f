#pragma once

/// Who names the columns that a table map leaves unnamed.

#include <cstdint>
#include <string>
#include <string_view>

#include "cdc/binlog/sql_tokens.h"
#include "cdc/binlog/table_map.h"
#include "cdc/catalog/table_catalog.h"
#include "ddl_history.h"

namespace cdc::capture {

/// What is known of the row that asks: its place and when it was committed.
struct RowTime {
  LogPlace place;
  std::uint64_t committed_at_us = 0;  ///< 0 = unknown.
};

/// A logged statement and how to read it.
struct StatementText {
  std::string_view sql;
  std::string_view default_schema;
  binlog::SqlDialect dialect;
  std::uint32_t execution_s = 0;
};

class SchemaProvider {
 public:
  virtual ~SchemaProvider() = default;
  /// The columns of `map`'s table as they were when a row at `when` was logged; nullptr when names are simply not
  /// to be had (files): the caller then numbers the columns. Throws Error (schema_outdated, schema_mismatch,
  /// schema_missing) rather than guess. Valid until the next call.
  virtual const catalog::CatalogTable* find(const binlog::TableMap& map, const RowTime& when) = 0;
  /// The table as it is now, whatever the row's time, for what no log tells (table_builder.h); nullptr when that is not to be had.
  /// Valid until the next call.
  virtual const catalog::CatalogTable* now(const binlog::TableMap& map) = 0;
  /// DDL went by in the stream; it ran for `execution_s`.
  virtual void on_statement(const StatementText& statement, const RowTime& when) = 0;
};

/// For files: nothing is known, and nothing is guessed.
class NoSchemas final : public SchemaProvider {
 public:
  const catalog::CatalogTable* find(const binlog::TableMap&, const RowTime&) override { return nullptr; }
  const catalog::CatalogTable* now(const binlog::TableMap&) override { return nullptr; }
  void on_statement(const StatementText&, const RowTime&) override {}
};

}  // namespace cdc::capture
