#pragma once

/// What a logged statement is, told from its first words: transaction boundaries, DML that came as a
/// statement, DDL and the tables it names.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/binlog/sql_tokens.h"

namespace cdc::binlog {

enum class StatementKind : std::uint8_t {
  begin,
  commit,
  rollback,
  savepoint,
  rollback_to,
  xa_start,
  xa_end,
  xa_prepare,
  xa_commit,
  xa_rollback,
  dml,  ///< Changed rows, or may have: INSERT, UPDATE, DELETE, REPLACE, LOAD, WITH, SELECT of a function, CALL, DO.
  truncate,
  drop_table,   ///< Not of temporary tables: they are `other`.
  drop_schema,  ///< All its tables.
  alter_table,
  rename_table,
  create_table,  ///< Not of temporary tables: they are `other`.
  other_ddl,     ///< Indexes, views, routines, users, …
  other,         ///< Changes no table: SET, FLUSH, ANALYZE, comments only.
};

struct Statement {
  StatementKind kind = StatementKind::other;
  /// ALTER TABLE that makes rows vanish or appear without rows events: DROP, TRUNCATE, EXCHANGE, CONVERT,
  /// DISCARD or IMPORT of a partition, table or tablespace.
  bool moves_rows = false;
  /// CREATE TABLE that fills the table: … SELECT. Under row format the rows follow as events and the text has no SELECT.
  bool carries_rows = false;
  /// CREATE OR REPLACE TABLE: an older table of the name is gone.
  bool replaces = false;
};

/// In full, from the text's words. Reads no further than it must: a long INSERT costs no more than a short one.
Statement classify_statement(std::string_view sql, SqlDialect dialect);

/// The same, with the two statements of every transaction first.
inline Statement classify(std::string_view sql, SqlDialect dialect = {}) {
  if (sql == "BEGIN") return {StatementKind::begin, false, false, false};
  if (sql == "COMMIT") return {StatementKind::commit, false, false, false};
  return classify_statement(sql, dialect);
}

/// In the statement's bytes: the client's charset, the case as written.
struct TableName {
  std::string schema, table;  ///< `table` is empty when a whole schema is meant.

  bool operator==(const TableName&) const = default;
};

/// The tables that TRUNCATE, DROP, RENAME (both names), ALTER (with those of RENAME TO, EXCHANGE and
/// CONVERT) and CREATE name as their object, those whose indexes change, and the schema that DROP
/// DATABASE names. Empty for other statements. Bare names get `default_schema`.
std::vector<TableName> named_tables(std::string_view sql, SqlDialect dialect, std::string_view default_schema);

/// Whether a CREATE or ALTER TABLE has a foreign key that changes rows of its table with those of the other: ON DELETE or ON UPDATE with
/// CASCADE, SET NULL, SET DEFAULT.
bool adds_cascade(std::string_view sql, SqlDialect dialect) noexcept;

/// Whether any name in the statement could mean a table that `wanted` accepts: each `a.b`, and each bare
/// name in `default_schema`. Errs towards yes: columns and keywords are names too. For any statement.
bool mentions(std::string_view sql, SqlDialect dialect, std::string_view default_schema,
              const std::function<bool(std::string_view schema, std::string_view table)>& wanted);

}  // namespace cdc::binlog
