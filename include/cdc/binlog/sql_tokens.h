#pragma once

/// Statements cut into words, names, strings and signs, as far as both products agree: no grammar.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cdc::binlog {

/// Whether a charset's second bytes can look like quotes or backslashes.
enum class TrailBytes : std::uint8_t {
  distinct,    ///< UTF-8, single-byte sets, EUC.
  like_ascii,  ///< big5, gbk, gb18030: any byte from 0x81 on takes the next one with it.
  shift_jis,   ///< sjis, cp932: likewise, but 0xa0..0xdf stand alone.
};
TrailBytes trail_bytes_of(std::uint16_t collation) noexcept;

/// What decides how a statement's quotes read: part of its session's sql_mode, and its charset.
struct SqlDialect {
  bool ansi_quotes = false;  ///< "x" is a name, not a string.
  bool no_backslash_escapes = false;
  TrailBytes trail_bytes = TrailBytes::distinct;
};

enum class TokenKind : std::uint8_t {
  end,
  word,      ///< Keyword, bare name or number.
  quoted,    ///< Quoted name; `text` is between the quotes, doubled quotes not yet halved.
  string,    ///< `text` is between the quotes.
  variable,  ///< @name, @@name, and the host part of an account.
  symbol,    ///< One other character.
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
  char quote = 0;

  bool is_name() const noexcept { return kind == TokenKind::word || kind == TokenKind::quoted; }
  bool is_symbol(char c) const noexcept { return kind == TokenKind::symbol && text[0] == c; }
  /// An unquoted word, compared without case; `upper` in capitals.
  bool is_word(std::string_view upper) const noexcept;
  /// The name meant: doubled quotes halved.
  std::string name() const;
};

/// Walks a statement. Comments are white space, but what stands in executable ones (`/*!50001 … */`,
/// `/*M!100100 … */`) is read as if it stood free, whatever the version. Copy it to look ahead.
/// Never reads past the end: what is cut ends where the text ends.
class SqlTokens {
 public:
  explicit SqlTokens(std::string_view sql, SqlDialect dialect = {}) noexcept : rest_{sql}, dialect_{dialect} {}

  Token next() noexcept;

 private:
  void skip_blanks() noexcept;
  bool skip_comment() noexcept;
  bool enter_executable() noexcept;
  void drop(std::size_t size_bytes) noexcept { rest_.remove_prefix(size_bytes < rest_.size() ? size_bytes : rest_.size()); }
  std::size_t char_bytes(std::size_t at) const noexcept;
  std::size_t word_bytes() const noexcept;
  Token take(TokenKind kind, std::size_t size_bytes) noexcept;
  Token take_quoted(TokenKind kind) noexcept;

  std::string_view rest_;
  SqlDialect dialect_;
  unsigned executable_depth_ = 0;
};

}  // namespace cdc::binlog
