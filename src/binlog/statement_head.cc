#include "statement_head.h"

#include <algorithm>
#include <iterator>

namespace cdc::binlog {
namespace {

using enum StatementKind;

/// Words between a verb and its object (OR REPLACE, DEFINER=…, SQL SECURITY …) that we look past, at most.
constexpr int modifiers_max = 64;

struct NamedObject {
  std::string_view word;
  StatementObject object;
};
constexpr NamedObject objects[] = {
    {"TABLE", StatementObject::table},      {"TABLES", StatementObject::table},    {"DATABASE", StatementObject::schema},
    {"SCHEMA", StatementObject::schema},    {"INDEX", StatementObject::index},     {"VIEW", StatementObject::other},
    {"TRIGGER", StatementObject::other},    {"PROCEDURE", StatementObject::other}, {"FUNCTION", StatementObject::other},
    {"EVENT", StatementObject::other},      {"USER", StatementObject::other},      {"ROLE", StatementObject::other},
    {"SERVER", StatementObject::other},     {"SEQUENCE", StatementObject::other},  {"PACKAGE", StatementObject::other},
    {"TABLESPACE", StatementObject::other}, {"LOGFILE", StatementObject::other},   {"INSTANCE", StatementObject::other},
    {"RESOURCE", StatementObject::other},   {"REFERENCE", StatementObject::other}, {"LIBRARY", StatementObject::other},
    {"CATALOG", StatementObject::other},
};

struct Object {
  StatementObject object = StatementObject::other;
  bool temporary = false, replaces = false;
};

Object read_object(SqlTokens& tokens) noexcept {
  Object out;
  for (int i = 0; i < modifiers_max; ++i) {
    const Token token = tokens.next();
    if (token.kind == TokenKind::end) break;
    if (token.is_word("TEMPORARY")) out.temporary = true;
    if (token.is_word("REPLACE")) out.replaces = true;
    const auto known = std::ranges::find_if(objects, [&](const NamedObject& o) { return token.is_word(o.word); });
    if (known != std::end(objects)) return out.object = known->object, out;
  }
  return out;
}

StatementHead of_kind(StatementKind kind) noexcept { return {{kind, false, false, false}, StatementObject::none}; }

/// CREATE, DROP, ALTER, RENAME: `on_table` when the object is a lasting table.
StatementHead read_ddl(SqlTokens& tokens, StatementKind on_table, StatementKind on_schema) noexcept {
  const Object object = read_object(tokens);
  StatementHead out{{other_ddl, false, false, object.replaces}, object.object};
  if (object.temporary)
    out.statement.kind = other, out.object = StatementObject::other;
  else if (object.object == StatementObject::table)
    out.statement.kind = on_table;
  else if (object.object == StatementObject::schema)
    out.statement.kind = on_schema;
  return out;
}

StatementHead read_truncate(SqlTokens& tokens) noexcept {
  SqlTokens ahead = tokens;
  if (ahead.next().is_word("TABLE")) tokens = ahead;
  return {{truncate, false, false, false}, StatementObject::table};
}

/// ROLLBACK [WORK] [TO [SAVEPOINT] name].
StatementHead read_rollback(SqlTokens& tokens) noexcept {
  Token token = tokens.next();
  if (token.is_word("WORK")) token = tokens.next();
  return of_kind(token.is_word("TO") ? rollback_to : rollback);
}

StatementHead read_start(SqlTokens& tokens) noexcept { return of_kind(tokens.next().is_word("TRANSACTION") ? begin : other); }

StatementHead read_load(SqlTokens& tokens) noexcept {
  const Token token = tokens.next();
  return of_kind(token.is_word("DATA") || token.is_word("XML") ? dml : other);
}

StatementHead read_xa(SqlTokens& tokens) noexcept {
  const Token verb = tokens.next();
  if (verb.is_word("START") || verb.is_word("BEGIN")) return of_kind(xa_start);
  if (verb.is_word("END")) return of_kind(xa_end);
  if (verb.is_word("PREPARE")) return of_kind(xa_prepare);
  if (verb.is_word("COMMIT")) return of_kind(xa_commit);
  return of_kind(verb.is_word("ROLLBACK") ? xa_rollback : other);
}

/// MariaDB's SET STATEMENT … FOR runs what follows; every other SET only sets.
StatementHead read_set(SqlTokens& tokens) noexcept {
  if (!tokens.next().is_word("STATEMENT")) return of_kind(other);
  for (Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next())
    if (token.is_word("FOR")) return read_statement_head(tokens);
  return of_kind(other);
}

/// ANALYZE TABLE only counts; MariaDB's ANALYZE [FORMAT=…] UPDATE … runs the statement.
StatementHead read_analyze(SqlTokens& tokens) noexcept {
  const Token token = tokens.next();
  if (token.is_word("UPDATE") || token.is_word("DELETE") || token.is_word("INSERT") || token.is_word("REPLACE")) return of_kind(dml);
  return of_kind(token.is_word("FORMAT") ? dml : other);
}

struct Opening {
  std::string_view word;
  StatementHead (*read)(SqlTokens&) noexcept;
};

template <StatementKind kind>
StatementHead fixed(SqlTokens&) noexcept {
  return of_kind(kind);
}
template <StatementKind on_table, StatementKind on_schema = other_ddl>
StatementHead ddl(SqlTokens& tokens) noexcept {
  return read_ddl(tokens, on_table, on_schema);
}

constexpr Opening openings[] = {
    {"BEGIN", fixed<begin>},
    {"START", read_start},
    {"COMMIT", fixed<commit>},
    {"ROLLBACK", read_rollback},
    {"XA", read_xa},
    {"SAVEPOINT", fixed<savepoint>},
    {"INSERT", fixed<dml>},
    {"UPDATE", fixed<dml>},
    {"DELETE", fixed<dml>},
    {"REPLACE", fixed<dml>},
    {"WITH", fixed<dml>},
    {"SELECT", fixed<dml>},
    {"CALL", fixed<dml>},
    {"DO", fixed<dml>},
    {"LOAD", read_load},
    {"ANALYZE", read_analyze},
    {"SET", read_set},
    {"TRUNCATE", read_truncate},
    {"DROP", ddl<drop_table, drop_schema>},
    {"ALTER", ddl<alter_table>},
    {"RENAME", ddl<rename_table>},
    {"CREATE", ddl<create_table>},
    {"GRANT", fixed<other_ddl>},
    {"REVOKE", fixed<other_ddl>},
    {"INSTALL", fixed<other_ddl>},
    {"UNINSTALL", fixed<other_ddl>},
    {"IMPORT", fixed<other_ddl>},
};

}  // namespace

StatementHead read_statement_head(SqlTokens& tokens) noexcept {
  Token first = tokens.next();
  while (first.is_symbol('(')) first = tokens.next();
  const auto opening = std::ranges::find_if(openings, [&](const Opening& o) { return first.is_word(o.word); });
  return opening == std::end(openings) ? of_kind(other) : opening->read(tokens);
}

}  // namespace cdc::binlog
