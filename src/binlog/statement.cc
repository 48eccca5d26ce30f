#include "cdc/binlog/statement.h"

#include <algorithm>
#include <array>

#include "statement_head.h"

namespace cdc::binlog {
namespace {

bool is_any_of(const Token& token, std::initializer_list<std::string_view> words) noexcept {
  return std::ranges::any_of(words, [&](std::string_view word) { return token.is_word(word); });
}

/// Looks for such a pair as DROP PARTITION; names between them do not matter.
bool alter_moves_rows(SqlTokens tokens) noexcept {
  Token previous;
  for (Token token = tokens.next(); token.kind != TokenKind::end; previous = token, token = tokens.next())
    if (is_any_of(previous, {"DROP", "TRUNCATE", "EXCHANGE", "CONVERT", "DISCARD", "IMPORT"}) &&
        is_any_of(token, {"PARTITION", "TABLE", "TABLESPACE"}))
      return true;
  return false;
}

/// A definition holds no query but the one that fills the table: SELECT …, TABLE t, VALUES ROW(…).
bool create_carries_rows(SqlTokens tokens) noexcept {
  Token previous;
  for (Token token = tokens.next(); token.kind != TokenKind::end; previous = token, token = tokens.next()) {
    if (is_any_of(token, {"SELECT", "TABLE"})) return true;
    if (previous.is_word("VALUES") && token.is_word("ROW")) return true;
  }
  return false;
}

}  // namespace

Statement classify_statement(std::string_view sql, SqlDialect dialect) {
  SqlTokens tokens{sql, dialect};
  Statement out = read_statement_head(tokens).statement;
  if (out.kind == StatementKind::alter_table) out.moves_rows = alter_moves_rows(tokens);
  if (out.kind == StatementKind::create_table) out.carries_rows = create_carries_rows(tokens);
  return out;
}

bool adds_cascade(std::string_view sql, SqlDialect dialect) noexcept {
  Token before, previous;
  SqlTokens tokens{sql, dialect};
  for (Token token = tokens.next(); token.kind != TokenKind::end; before = previous, previous = token, token = tokens.next())
    if (before.is_word("ON") && is_any_of(previous, {"DELETE", "UPDATE"}) && is_any_of(token, {"CASCADE", "SET"})) return true;
  return false;
}

}  // namespace cdc::binlog
