#include "statement_guard.h"

#include <fmt/format.h>

#include <utility>

#include "cdc/base/error.h"
#include "cdc/base/log.h"

namespace cdc::capture {

using binlog::StatementKind;

namespace {

constexpr std::string_view cure_statement =
    "SET GLOBAL binlog_format=ROW and reconnect the applications, then start anew with --from now; or onUnsupported.statement=warn";

}  // namespace

void StatementGuard::report(config::Policy policy, ErrorCode code, std::string what, std::string cure) {
  if (policy == config::Policy::fail) throw Error{code, Remedy::operate, std::move(what), std::move(cure)};
  log(LogLevel::warning, fmt::format("MYC{}: {}", static_cast<unsigned>(code), what));
}

void StatementGuard::check_dml(std::string_view sql, binlog::SqlDialect dialect, std::string_view default_schema) {
  const bool captured = binlog::mentions(sql, dialect, default_schema, [this](std::string_view schema, std::string_view table) {
    return tables_.captures(std::string{schema}, std::string{table});
  });
  if (!captured) return check_unnamed(sql, dialect);
  report(settings_.on_unsupported.statement, ErrorCode::statement_format,
         "a captured table was changed by a statement in statement format: its rows are not in the log", std::string{cure_statement});
}

/// What a statement changes by way of a function, a trigger or a view does not show in its text. A query is logged only
/// because a function in it changed something.
void StatementGuard::check_unnamed(std::string_view sql, binlog::SqlDialect dialect) {
  const binlog::Token verb = binlog::SqlTokens{sql, dialect}.next();
  if (verb.is_word("SELECT") || verb.is_word("DO") || verb.is_word("CALL"))
    return report(settings_.on_unsupported.statement, ErrorCode::statement_format,
                  "a stored function changed tables that the log does not name, in statement format", std::string{cure_statement});
  if (std::exchange(told_of_others_, true)) return;
  log(LogLevel::warning,
      "tables that are not captured are changed in statement format: what their triggers, stored functions and views do to captured "
      "tables is not in the log; SET GLOBAL binlog_format=ROW and reconnect the applications");
}

void StatementGuard::check_load() {
  report(settings_.on_unsupported.statement, ErrorCode::statement_format,
         "LOAD DATA was logged as a statement: its rows are not in the log", std::string{cure_statement});
}

std::vector<binlog::TableName> StatementGuard::captured_names(std::string_view sql, binlog::SqlDialect dialect,
                                                              std::string_view default_schema) {
  std::vector<binlog::TableName> out;
  for (const binlog::TableName& name : binlog::named_tables(sql, dialect, default_schema)) {
    if (name.table.empty()) {
      for (const std::string& table : tables_.captured_in(name.schema)) out.push_back({name.schema, table});
    } else if (tables_.captures(name.schema, name.table)) {
      out.push_back(name);
    }
  }
  return out;
}

void StatementGuard::check_removal(std::string_view what, std::string_view sql, binlog::SqlDialect dialect,
                                   std::string_view default_schema) {
  if (settings_.events.truncate) return;  // there will be a record of it
  const std::vector<binlog::TableName> names = captured_names(sql, dialect, default_schema);
  if (names.empty()) return;
  report(settings_.on_unsupported.truncate, ErrorCode::truncate,
         fmt::format("{} {}.{}: its rows vanish without row events", what, names.front().schema, names.front().table),
         "empty the target of that table, then go on with onUnsupported.truncate=warn; or events=truncate, which sends a record of it");
}

/// The stream is running: a warning is all that is useful.
void StatementGuard::check_cascade(std::string_view sql, binlog::SqlDialect dialect, std::string_view default_schema) {
  if (cascades_logged_ || !binlog::adds_cascade(sql, dialect)) return;
  const std::vector<binlog::TableName> names = captured_names(sql, dialect, default_schema);
  if (names.empty()) return;
  report(config::Policy::warn, ErrorCode::cascade,
         fmt::format("a foreign key of {}.{} was added that changes its rows without logging them; the next start names it and the cures",
                     names.front().schema, names.front().table),
         {});
}

void StatementGuard::check(const binlog::Statement& statement, std::string_view sql, binlog::SqlDialect dialect,
                           std::string_view default_schema) {
  switch (statement.kind) {
    case StatementKind::dml: return check_dml(sql, dialect, default_schema);
    case StatementKind::truncate: return check_removal("TRUNCATE of", sql, dialect, default_schema);
    case StatementKind::drop_table: return check_removal("DROP of", sql, dialect, default_schema);
    case StatementKind::drop_schema: return check_removal("DROP of schema", sql, dialect, default_schema);
    case StatementKind::alter_table:
      check_cascade(sql, dialect, default_schema);
      if (statement.moves_rows) check_removal("partitions or tablespace moved by ALTER of", sql, dialect, default_schema);
      return;
    case StatementKind::create_table:
      for (const binlog::TableName& name : binlog::named_tables(sql, dialect, default_schema)) tables_.captures(name.schema, name.table);
      check_cascade(sql, dialect, default_schema);
      if (statement.replaces) check_removal("CREATE OR REPLACE of", sql, dialect, default_schema);
      return;
    case StatementKind::begin:
    case StatementKind::commit:
    case StatementKind::rollback:
    case StatementKind::savepoint:
    case StatementKind::rollback_to:
    case StatementKind::xa_start:
    case StatementKind::xa_end:
    case StatementKind::xa_prepare:
    case StatementKind::xa_commit:
    case StatementKind::xa_rollback:
    case StatementKind::rename_table:
    case StatementKind::other_ddl:
    case StatementKind::other: return;
  }
}

}  // namespace cdc::capture
