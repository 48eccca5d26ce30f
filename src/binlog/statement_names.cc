#include "cdc/binlog/statement.h"
#include "statement_head.h"

namespace cdc::binlog {
namespace {

/// Reads names off the tokens of one statement.
class NameReader {
 public:
  NameReader(SqlTokens tokens, std::string_view default_schema) : tokens_{tokens}, default_schema_{default_schema} { advance(); }

  bool at_end() const noexcept { return token_.kind == TokenKind::end; }
  const Token& token() const noexcept { return token_; }
  void advance() noexcept { token_ = tokens_.next(); }
  bool accept(std::string_view word) noexcept { return token_.is_word(word) && (advance(), true); }
  bool accept_symbol(char c) noexcept { return token_.is_symbol(c) && (advance(), true); }

  void skip_if_exists() noexcept {
    if (accept("IF")) accept("NOT"), accept("EXISTS");
  }
  /// `a`, `a.b` or `.b`; nothing when no name stands here.
  void table(std::vector<TableName>& out) {
    accept_symbol('.');
    if (!token_.is_name()) return;
    std::string first = name();
    if (accept_symbol('.') && token_.is_name())
      out.push_back({std::move(first), name()});
    else
      out.push_back({std::string{default_schema_}, std::move(first)});
  }
  void schema(std::vector<TableName>& out) {
    if (token_.is_name()) out.push_back({name(), {}});
  }

 private:
  std::string name() {
    std::string out = token_.name();
    advance();
    return out;
  }

  SqlTokens tokens_;
  std::string_view default_schema_;
  Token token_;
};

using Names = std::vector<TableName>;

void read_table_list(NameReader& r, Names& out) {
  r.skip_if_exists();
  do r.table(out);
  while (r.accept_symbol(','));
}

/// a [WAIT n] TO b, …
void read_renames(NameReader& r, Names& out) {
  r.skip_if_exists();
  do {
    r.table(out);
    while (!r.at_end() && !r.accept("TO")) r.advance();
    r.table(out);
  } while (r.accept_symbol(','));
}

/// The table, then what stands behind RENAME [TO] and behind TABLE (EXCHANGE … WITH TABLE, CONVERT … TABLE).
void read_alter(NameReader& r, Names& out) {
  r.skip_if_exists();
  r.table(out);
  while (!r.at_end()) {
    if (r.accept("TABLE")) {
      r.table(out);
    } else if (r.accept("RENAME")) {
      if (r.accept("COLUMN") || r.accept("INDEX") || r.accept("KEY")) continue;
      if (!r.accept("TO") && !r.accept("AS")) r.accept_symbol('=');
      r.table(out);
    } else {
      r.advance();
    }
  }
}

void read_create(NameReader& r, Names& out) {
  r.skip_if_exists();
  r.table(out);
}

void read_schema(NameReader& r, Names& out) {
  r.skip_if_exists();
  r.schema(out);
}

void read_index(NameReader& r, Names& out) {
  while (!r.at_end() && !r.accept("ON")) r.advance();
  r.table(out);
}

using ReadNames = void (*)(NameReader&, Names&);

ReadNames reader_for(const StatementHead& head) noexcept {
  switch (head.statement.kind) {
    case StatementKind::truncate:
    case StatementKind::drop_table: return read_table_list;
    case StatementKind::rename_table: return read_renames;
    case StatementKind::alter_table: return read_alter;
    case StatementKind::create_table: return read_create;
    case StatementKind::drop_schema: return read_schema;
    default: return head.object == StatementObject::index ? read_index : nullptr;
  }
}

}  // namespace

Names named_tables(std::string_view sql, SqlDialect dialect, std::string_view default_schema) {
  Names out;
  SqlTokens tokens{sql, dialect};
  const ReadNames read = reader_for(read_statement_head(tokens));
  if (read == nullptr) return out;
  NameReader reader{tokens, default_schema};
  read(reader, out);
  return out;
}

bool mentions(std::string_view sql, SqlDialect dialect, std::string_view default_schema,
              const std::function<bool(std::string_view schema, std::string_view table)>& wanted) {
  enum class Before { other, name, dot } before = Before::other;
  std::string qualifier;
  SqlTokens tokens{sql, dialect};
  for (Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next()) {
    if (token.is_name()) {
      std::string name = token.name();
      if (wanted(default_schema, name) || (before == Before::dot && wanted(qualifier, name))) return true;
      qualifier = std::move(name);
      before = Before::name;
    } else {
      before = before == Before::name && token.is_symbol('.') ? Before::dot : Before::other;
    }
  }
  return false;
}

}  // namespace cdc::binlog
