#include "cdc/binlog/sql_tokens.h"

#include <algorithm>

#include "cdc/charset/text_charset.h"

namespace cdc::binlog {
namespace {

constexpr std::size_t executable_version_max_digits = 6;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_high(char c) noexcept { return static_cast<unsigned char>(c) >= 0x80; }
constexpr char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
constexpr bool is_blank(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_word_char(char c) noexcept {
  return is_digit(c) || (upper(c) >= 'A' && upper(c) <= 'Z') || c == '_' || c == '$' || is_high(c);
}

/// `--` opens a comment only before white space, a control character or the end.
constexpr bool opens_line_comment(std::string_view s) noexcept {
  return s[0] == '#' || (s.starts_with("--") && (s.size() == 2 || static_cast<unsigned char>(s[2]) <= ' '));
}

}  // namespace

TrailBytes trail_bytes_of(std::uint16_t collation) noexcept {
  constexpr bool mariadb = true;  // no built-in number of MySQL means something else there
  using charset::TextCoding;
  switch (charset::coding_of_collation(collation, mariadb)) {
    case TextCoding::big5:
    case TextCoding::gbk:
    case TextCoding::gb18030: return TrailBytes::like_ascii;
    case TextCoding::sjis:
    case TextCoding::cp932: return TrailBytes::shift_jis;
    default: return TrailBytes::distinct;
  }
}

bool Token::is_word(std::string_view word) const noexcept {
  return kind == TokenKind::word && text.size() == word.size() && std::ranges::equal(text, word, {}, [](char c) { return upper(c); });
}

std::string Token::name() const {
  std::string out{text};
  if (kind != TokenKind::quoted) return out;
  const auto both_quotes = [this](char a, char b) { return a == quote && b == quote; };
  out.erase(std::unique(out.begin(), out.end(), both_quotes), out.end());
  return out;
}

/// How many bytes the character at `at` takes, as far as that matters for quotes.
std::size_t SqlTokens::char_bytes(std::size_t at) const noexcept {
  const auto byte = static_cast<unsigned char>(rest_[at]);
  switch (dialect_.trail_bytes) {
    case TrailBytes::distinct: return 1;
    case TrailBytes::like_ascii: return byte > 0x80 && byte < 0xff ? 2 : 1;
    case TrailBytes::shift_jis: return (byte > 0x80 && byte < 0xa0) || (byte >= 0xe0 && byte < 0xfd) ? 2 : 1;
  }
  return 1;
}

bool SqlTokens::enter_executable() noexcept {
  const std::size_t head_bytes = rest_.starts_with("/*!") ? 3 : rest_.starts_with("/*M!") ? 4 : 0;
  if (head_bytes == 0) return false;
  drop(head_bytes);
  for (std::size_t i = 0; i < executable_version_max_digits && !rest_.empty() && is_digit(rest_[0]); ++i) drop(1);
  ++executable_depth_;
  return true;
}

/// One comment, or one end of an executable one.
bool SqlTokens::skip_comment() noexcept {
  if (opens_line_comment(rest_)) return drop(rest_.find('\n')), true;
  if (enter_executable()) return true;
  if (rest_.starts_with("/*")) {
    const std::size_t end = rest_.find("*/", 2);
    return drop(end == std::string_view::npos ? end : end + 2), true;
  }
  if (executable_depth_ == 0 || !rest_.starts_with("*/")) return false;
  --executable_depth_;
  return drop(2), true;
}

void SqlTokens::skip_blanks() noexcept {
  while (!rest_.empty()) {
    if (is_blank(rest_[0]))
      drop(1);
    else if (!skip_comment())
      return;
  }
}

std::size_t SqlTokens::word_bytes() const noexcept {
  std::size_t at = 0;
  while (at < rest_.size() && is_word_char(rest_[at])) at += char_bytes(at);
  return std::min(at, rest_.size());
}

Token SqlTokens::take(TokenKind kind, std::size_t size_bytes) noexcept {
  const Token out{kind, rest_.substr(0, size_bytes), 0};
  drop(size_bytes);
  return out;
}

/// `rest_` stands at the opening quote. A doubled quote is part of the text; a backslash takes the
/// next character with it in strings only.
Token SqlTokens::take_quoted(TokenKind kind) noexcept {
  const char quote = rest_[0];
  const bool escapes = kind == TokenKind::string && !dialect_.no_backslash_escapes;
  std::size_t at = 1;
  while (at < rest_.size()) {
    if (rest_[at] == quote) {
      if (at + 1 >= rest_.size() || rest_[at + 1] != quote) break;
      at += 2;
    } else if (escapes && rest_[at] == '\\' && at + 1 < rest_.size()) {
      at += 1 + char_bytes(at + 1);
    } else {
      at += char_bytes(at);
    }
  }
  const Token out{kind, rest_.substr(1, std::min(at, rest_.size()) - 1), quote};
  drop(at + 1);
  return out;
}

Token SqlTokens::next() noexcept {
  skip_blanks();
  if (rest_.empty()) return {};
  const char c = rest_[0];
  if (is_word_char(c)) return take(TokenKind::word, word_bytes());
  if (c == '`' || (c == '"' && dialect_.ansi_quotes)) return take_quoted(TokenKind::quoted);
  if (c == '\'' || c == '"') return take_quoted(TokenKind::string);
  if (c != '@') return take(TokenKind::symbol, 1);
  while (!rest_.empty() && rest_[0] == '@') drop(1);
  if (rest_.empty()) return {};
  const bool in_quotes = rest_[0] == '`' || rest_[0] == '\'' || rest_[0] == '"';
  return in_quotes ? take_quoted(TokenKind::variable) : take(TokenKind::variable, word_bytes());
}

}  // namespace cdc::binlog
