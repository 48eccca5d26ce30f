#pragma once

/// Test bytes written as hex digits, as servers' outputs are quoted.

#include <string>
#include <string_view>

#include "exact_bytes.h"

namespace cdc {

inline std::string unhex(std::string_view digits) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) bytes += static_cast<char>(digit(digits[i]) << 4 | digit(digits[i + 1]));
  return bytes;
}

inline ExactBytes from_hex(std::string_view digits) { return ExactBytes{unhex(digits)}; }

}  // namespace cdc
