#pragma once

/// The few colours of the printed lines.

#include <cstdint>
#include <string>
#include <string_view>

#include "terminal_text.h"

namespace cdc::cli {

enum class Style : std::uint8_t { plain, dim, strong, insert, update, delete_, key, warning, error };

/// Text with styles, and its width.
class StyledText {
 public:
  explicit StyledText(bool color) noexcept : color_{color} {}

  /// `columns`: of `text`, which is harmless.
  StyledText& add(Style style, std::string_view text, std::size_t columns);
  StyledText& add(Style style, std::string_view ascii) { return add(style, ascii, ascii.size()); }
  StyledText& add(Style style, const Shown& shown) { return add(style, shown.text, shown.columns); }
  StyledText& add(const StyledText& other);
  void pad_to(std::size_t columns);

  const std::string& text() const noexcept { return text_; }
  std::size_t columns() const noexcept { return columns_; }

 private:
  bool color_;
  std::string text_;
  std::size_t columns_ = 0;
};

}  // namespace cdc::cli
