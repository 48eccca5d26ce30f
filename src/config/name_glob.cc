#include "name_glob.h"

#include <fmt/format.h>

#include <algorithm>

#include "text_values.h"

namespace cdc::config {
namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

/// Length of the rule that `text` begins with, up to its comma or the end.
std::size_t rule_size(std::string_view text) noexcept {
  const auto first = std::min(text.find_first_not_of(" \t\r\n!"), text.size());
  const char kind = first < text.size() ? text[first] : ',';
  const bool has_quotes = kind != '+' && kind != '-';  // The Go connector's regexes have none.
  char closing = kind == '/' ? '/' : '\0';
  for (std::size_t i = kind == '/' ? first + 1 : 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && closing != '`') {
      ++i;
    } else if (closing != '\0') {
      if (c == closing) closing = '\0';
    } else if (c == '`' && has_quotes) {
      closing = '`';
    } else if (c == ',') {
      return i;
    }
  }
  return text.size();
}

constexpr bool is_plain(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '-' || (c & 0x80) != 0;
}

/// Reads one glob, character by character, into parts.
class NameParser {
 public:
  explicit NameParser(std::string_view text) : text_{text} { parts_.emplace_back(); }

  std::vector<NamePart> run(std::string& problem) {
    while (at_ < text_.size() && problem_.empty()) step(text_[at_++]);
    if (quoted_) problem_ = "a backtick is not closed";
    if (problem_.empty()) end_part();
    if (!problem_.empty()) problem = problem_;
    return std::move(parts_);
  }

 private:
  void step(char c) {
    if (c == '`') return backtick();
    if (quoted_) return literal(c);
    if (c == '.') return end_part(), void(parts_.emplace_back());
    if (c == '*') return wildcard(".*");
    if (c == '?') return wildcard(".");
    if (c == '\\' && at_ < text_.size()) return literal(text_[at_++]);
    if (is_plain(c)) return literal(c);
    problem_ = fmt::format("{} cannot stand in a name: put such names between backticks; a regex is written /…/", show({&c, 1}));
  }

  /// Between backticks a doubled one is a backtick.
  void backtick() {
    if (quoted_ && at_ < text_.size() && text_[at_] == '`') return ++at_, literal('`');
    quoted_ = !quoted_;
  }

  void literal(char c) {
    // Not before letters and digits, nor inside UTF-8 sequences: there a backslash has a meaning.
    if (!is_plain(c) || c == '$' || c == '-') parts_.back().regex += '\\';
    parts_.back().regex += c;
    parts_.back().name += c;
  }

  void wildcard(const char* regex) {
    parts_.back().regex += regex;
    parts_.back().is_literal = false;
  }

  void end_part() {
    if (parts_.back().regex.empty()) problem_ = "a name is empty";
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool quoted_ = false;
  std::string problem_;
  std::vector<NamePart> parts_;
};

}  // namespace

std::vector<std::string> split_rules(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto size = rule_size(text);
    if (const auto item = trim(text.substr(0, size)); !item.empty()) out.emplace_back(item);
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return out;
}

std::vector<NamePart> parse_name_parts(std::string_view text, std::string& problem) { return NameParser{text}.run(problem); }

std::unique_ptr<re2::RE2> compile_regex(std::string_view regex, RegexOptions options, std::string& problem) {
  re2::RE2::Options re2_options;
  re2_options.set_log_errors(false);
  re2_options.set_never_capture(true);
  re2_options.set_dot_nl(true);
  re2_options.set_case_sensitive(!options.ignore_case);
  auto out = std::make_unique<re2::RE2>(piece(regex), re2_options);
  if (out->ok()) return out;
  problem = fmt::format("not a regex that RE2 takes: {}", out->error());
  return nullptr;
}

bool matches_whole(const re2::RE2& regex, std::string_view text) { return re2::RE2::FullMatch(piece(text), regex); }
bool matches_anywhere(const re2::RE2& regex, std::string_view text) { return re2::RE2::PartialMatch(piece(text), regex); }

}  // namespace cdc::config
