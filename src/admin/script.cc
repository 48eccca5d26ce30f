#include "script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cdc/base/error.h"

namespace cdc::admin {
namespace {

constexpr std::string_view open = "{{", close = "}}", own_name = "`_cdc_", client_word = "DELIMITER ";

std::string_view value_of(std::string_view name, std::span<const Word> words) {
  const auto found = std::ranges::find(words, name, &Word::name);
  if (found == words.end()) throw Error{ErrorCode::usage, Remedy::fix, fmt::format("a script has an unknown word: {}", name)};
  return found->value;
}

void append_indented(std::string& out, std::string_view value, std::size_t indent) {
  for (const char c : value) {
    out += c;
    if (c == '\n') out.append(indent, ' ');
  }
}

void fill_line(std::string& out, std::string_view line, std::span<const Word> words, const catalog::ChangelogNames& names) {
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  while (!line.empty()) {
    const std::size_t word = line.find(open), own = line.find(own_name), next = std::min(word, own);
    out += line.substr(0, next);
    if (next == line.npos) return;
    line.remove_prefix(next);
    if (next == word) {
      const std::size_t end = line.find(close);
      append_indented(out, value_of(line.substr(open.size(), end - open.size()), words), indent);
      line.remove_prefix(end + close.size());
    } else {
      const std::size_t end = line.find('`', own_name.size());
      out += names.quoted(line.substr(own_name.size(), end - own_name.size()));
      line.remove_prefix(end + 1);
    }
  }
}

/// A line that is one word, and that word is empty.
bool is_empty_word(std::string_view line, std::span<const Word> words) {
  const std::size_t begin = line.find_first_not_of(' ');
  if (begin == line.npos) return false;
  line.remove_prefix(begin);
  if (!line.starts_with(open) || !line.ends_with(close) || line.find(close) + close.size() != line.size()) return false;
  return value_of(line.substr(open.size(), line.size() - open.size() - close.size()), words).empty();
}

/// Walks a script as the stock client reads it.
class Splitter {
 public:
  explicit Splitter(std::string_view script) : rest_{script} {}

  std::vector<std::string> run() {
    while (!rest_.empty()) step();
    end_statement();
    return std::move(statements_);
  }

 private:
  void step() {
    if (at_line_start() && statement_.empty() && rest_.starts_with(client_word)) return take_delimiter();
    if (rest_.starts_with(delimiter_)) {
      rest_.remove_prefix(delimiter_.size());
      return end_statement();
    }
    if (rest_.starts_with("-- ") || rest_.starts_with("--\n") || rest_.starts_with('#')) return skip_line();
    const char c = rest_.front();
    if (c == '\'' || c == '"' || c == '`') return take_quoted(c);
    take(1);
  }

  void take(std::size_t size) {
    const std::string_view text = rest_.substr(0, size);
    const bool blank = text.find_first_not_of(" \n") == text.npos;
    if (!statement_.empty() || !blank) statement_ += text;
    last_ = text.back();
    rest_.remove_prefix(text.size());
  }

  void take_quoted(char quote) {
    std::size_t end = 1;
    while (end < rest_.size() && rest_[end] != quote) end += rest_[end] == '\\' && quote != '`' ? 2 : 1;
    take(std::min(end + 1, rest_.size()));
  }

  void skip_line() { rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size())); }

  void take_delimiter() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    delimiter_ = rest_.substr(client_word.size(), end - client_word.size());
    rest_.remove_prefix(end);
  }

  void end_statement() {
    statement_.erase(statement_.find_last_not_of(" \n") + 1);
    if (!statement_.empty()) statements_.push_back(std::move(statement_));
    statement_.clear();
  }

  bool at_line_start() const noexcept { return last_ == '\n' || rest_.data() == nullptr || statement_.empty(); }

  std::string_view rest_;
  std::string delimiter_ = ";", statement_;
  char last_ = '\n';
  std::vector<std::string> statements_;
};

}  // namespace

std::string fill(std::string_view text, std::span<const Word> words, const catalog::ChangelogNames& names) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (is_empty_word(line, words)) continue;
    fill_line(out, line, words, names);
    if (!out.ends_with('\n') || line.empty()) out += '\n';
  }
  return out;
}

std::vector<std::string> split_statements(std::string_view script) { return Splitter{script}.run(); }

std::string choose_delimiter(std::span<const std::string> texts) {
  constexpr std::array<std::string_view, 4> liked{"$$", "//", "||", "%%"};
  const auto occurs = [&](std::string_view candidate) {
    return std::ranges::any_of(texts, [&](const std::string& text) { return text.find(candidate) != text.npos; });
  };
  for (const std::string_view candidate : liked)
    if (!occurs(candidate)) return std::string{candidate};
  std::string out = "$$";  // A longer one is in none of them at the latest when it is longer than all.
  while (occurs(out)) out += '$';
  return out;
}

bool carries_name(std::string_view name) noexcept {
  return std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

std::string quote_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\0') {
      out += "\\0";
    } else {
      if (c == '\'' || c == '\\') out += c;
      out += c;
    }
  }
  return out += '\'';
}

}  // namespace cdc::admin
