#include "text_style.h"

#include <array>

namespace cdc::cli {
namespace {

/// SGR parameters, one a Style.
constexpr std::array<std::string_view, 9> codes{"", "2", "1", "32", "33", "31", "36", "33", "1;31"};

}  // namespace

StyledText& StyledText::add(Style style, std::string_view text, std::size_t columns) {
  const bool styled = color_ && style != Style::plain && !text.empty();
  if (styled) text_.append("\x1b[").append(codes[static_cast<std::size_t>(style)]).append("m");
  text_ += text;
  if (styled) text_ += "\x1b[0m";
  columns_ += columns;
  return *this;
}

StyledText& StyledText::add(const StyledText& other) {
  text_ += other.text_;
  columns_ += other.columns_;
  return *this;
}

void StyledText::pad_to(std::size_t columns) {
  if (columns_ >= columns) return;
  text_.append(columns - columns_, ' ');
  columns_ = columns;
}

}  // namespace cdc::cli
