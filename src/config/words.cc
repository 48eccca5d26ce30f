#include <cstddef>

#include "command.h"

namespace cdc::config {
namespace {

/// One pass over the line, a character at a time.
class WordSplitter {
 public:
  explicit WordSplitter(std::string_view line) : line_{line} {}

  std::vector<std::string> run() {
    for (; at_ < line_.size(); ++at_) step(line_[at_]);
    end_word();
    return quote_ == '\0' ? std::move(words_) : std::vector<std::string>{};
  }

 private:
  static bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  void step(char c) {
    if (c == quote_) {
      quote_ = '\0';
    } else if (quote_ == '\0' && (c == '\'' || c == '"')) {
      quote_ = c, in_word_ = true;
    } else if (c == '\\' && escapes_next()) {
      add(line_[++at_]);
    } else if (quote_ == '\0' && is_space(c)) {
      end_word();
    } else {
      add(c);
    }
  }

  bool escapes_next() const noexcept {
    if (quote_ == '\'' || at_ + 1 == line_.size()) return false;
    return quote_ == '\0' || std::string_view{"\"\\$`"}.find(line_[at_ + 1]) != std::string_view::npos;
  }

  void add(char c) { word_ += c, in_word_ = true; }
  void end_word() {
    if (in_word_) words_.push_back(std::move(word_));
    word_.clear(), in_word_ = false;
  }

  std::string_view line_;
  std::size_t at_ = 0;
  char quote_ = '\0';  ///< The open quote; NUL = none, which no setting holds.
  bool in_word_ = false;
  std::string word_;
  std::vector<std::string> words_;
};

}  // namespace

std::vector<std::string> split_words(std::string_view line) { return WordSplitter{line}.run(); }

}  // namespace cdc::config
