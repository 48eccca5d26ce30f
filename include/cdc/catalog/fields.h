#pragma once

/// Fields of a result row as text and numbers.

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace cdc::catalog {

/// NULL is the empty text.
inline std::string text_of(const std::optional<std::string_view>& field) { return std::string{field.value_or(std::string_view{})}; }

/// 0 for NULL, and for what is no number or does not fit.
template <class Int>
Int number_of(const std::optional<std::string_view>& field) noexcept {
  Int value{};
  if (field) std::from_chars(field->data(), field->data() + field->size(), value);
  return value;
}

}  // namespace cdc::catalog
