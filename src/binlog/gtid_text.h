#pragma once

/// Cutting the text forms of GTID sets and positions into parts.

#include <charconv>
#include <string>
#include <string_view>

#include "cdc/base/error.h"

namespace cdc::binlog {

constexpr std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view white = " \t\r\n";
  const std::size_t first = text.find_first_not_of(white);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white) - first + 1);
}

/// Cuts off and returns what stands before `separator`, trimmed; all when there is none.
constexpr std::string_view next_part(std::string_view& rest, char separator) noexcept {
  const std::size_t at = rest.find(separator);
  const std::string_view part = trimmed(rest.substr(0, at));
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
  return part;
}

/// All of `text` as a decimal number that fits.
template <class Int>
bool number_from_text(std::string_view text, Int& out) noexcept {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), out);
  return parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
}

template <class Int>
void append_number(std::string& out, Int value) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

}  // namespace cdc::binlog
