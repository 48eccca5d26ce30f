#pragma once

/// Statements in the log that change captured rows without row events: named, then stopped at or warned of.

#include <string>
#include <string_view>
#include <vector>

#include "cdc/binlog/statement.h"
#include "cdc/config/settings.h"
#include "table_registry.h"

namespace cdc::capture {

class StatementGuard {
 public:
  StatementGuard(const config::Settings& settings, TableRegistry& tables) : settings_{settings}, tables_{tables} {}

  /// Throws Error (statement_format, truncate) or logs one warning, by policy; nothing for harmless statements.
  void check(const binlog::Statement& statement, std::string_view sql, binlog::SqlDialect dialect, std::string_view default_schema);
  /// Whether the server that writes the log shows in it what foreign keys cascade: MySQL from 9.6 on.
  void set_cascades_logged(bool logged) noexcept { cascades_logged_ = logged; }
  /// LOAD DATA logged as a statement, of a table that is not told.
  void check_load();
  /// The captured tables that DDL names; of a schema, all that were asked about.
  std::vector<binlog::TableName> captured_names(std::string_view sql, binlog::SqlDialect dialect, std::string_view default_schema);

 private:
  void check_dml(std::string_view sql, binlog::SqlDialect dialect, std::string_view default_schema);
  void check_removal(std::string_view what, std::string_view sql, binlog::SqlDialect dialect, std::string_view default_schema);
  void check_cascade(std::string_view sql, binlog::SqlDialect dialect, std::string_view default_schema);
  void check_unnamed(std::string_view sql, binlog::SqlDialect dialect);
  void report(config::Policy policy, ErrorCode code, std::string what, std::string cure);

  const config::Settings& settings_;
  TableRegistry& tables_;
  bool cascades_logged_ = false;
  bool told_of_others_ = false;  ///< That statements change tables that are not captured.
};

}  // namespace cdc::capture
