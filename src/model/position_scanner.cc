#include "position_scanner.h"

#include <charconv>

#include "cdc/base/error.h"

namespace cdc {

void refuse_position(std::string why) {
  throw Error{ErrorCode::position_invalid, Remedy::operate, "position: " + std::move(why),
              "pass a position as it was printed, unchanged; or none, to start anew"};
}

std::string quote_for_message(std::string_view text) {
  constexpr std::size_t shown_bytes = 40;
  std::string out{'"'};
  for (const char c : text.substr(0, shown_bytes)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return out += text.size() > shown_bytes ? "…\"" : "\"";
}

std::string PositionScanner::string() {
  expect('"');
  std::string out;
  while (!rest_.empty() && rest_[0] != '"') {
    const char c = take_char();
    if (static_cast<unsigned char>(c) < 0x20) refuse_position("not JSON: a control character in a string");
    if (c == '\\') {
      escape(out);
    } else {
      out += c;
    }
  }
  if (rest_.empty()) refuse_position("not JSON: a string without its end");
  rest_.remove_prefix(1);
  return out;
}

std::optional<std::string> PositionScanner::string_or_null() {
  constexpr std::string_view null = "null";
  skip_space();
  if (!rest_.starts_with(null)) return string();
  rest_.remove_prefix(null.size());
  return std::nullopt;
}

std::uint64_t PositionScanner::number(std::string_view name) {
  skip_space();
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
  const auto size = static_cast<std::size_t>(end - rest_.data());
  const bool padded = size > 1 && rest_[0] == '0';
  if (error != std::errc{} || padded) refuse_position(std::string{name}.append(" is not a whole number in 0..18446744073709551615"));
  rest_.remove_prefix(size);
  return out;
}

void PositionScanner::end() {
  skip_space();
  if (!rest_.empty()) refuse_position("text after the closing brace");
}

void PositionScanner::expect(char wanted) {
  if (!take(wanted)) refuse_position(std::string{"not JSON: no "}.append(1, wanted).append(" where one must be"));
}

void PositionScanner::skip_space() noexcept {
  const auto at = rest_.find_first_not_of(" \t\r\n");
  rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
}

bool PositionScanner::take(char wanted) noexcept {
  skip_space();
  if (rest_.empty() || rest_[0] != wanted) return false;
  rest_.remove_prefix(1);
  return true;
}

char PositionScanner::take_char() noexcept {
  const char c = rest_[0];
  rest_.remove_prefix(1);
  return c;
}

void PositionScanner::escape(std::string& out) {
  constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
  const char c = rest_.empty() ? '\0' : take_char();
  if (const auto at = names.find(c); c != '\0' && at != std::string_view::npos) {
    out += values[at];
    return;
  }
  unsigned code = 0;
  if (c != 'u' || rest_.size() < 4) refuse_position("not JSON: an unknown escape");
  const auto end = std::from_chars(rest_.data(), rest_.data() + 4, code, 16).ptr;
  if (end != rest_.data() + 4 || code > 0x7f) refuse_position("an escape beyond ASCII: write the character itself");
  rest_.remove_prefix(4);
  out += static_cast<char>(code);
}

}  // namespace cdc
