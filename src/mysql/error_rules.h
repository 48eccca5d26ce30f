#pragma once

/// The table behind server_error.

#include <span>
#include <string_view>

#include "server_errors.h"

namespace cdc::mysql {

constexpr unsigned phase_bit(Phase phase) noexcept { return 1U << static_cast<unsigned>(phase); }

struct ErrorRule {
  unsigned number;
  unsigned phases;          ///< Sum of phase_bit.
  std::string_view needle;  ///< Must occur in the text; empty = any text.
  ErrorCode code;
  Remedy remedy;
  std::string_view cure;           ///< `{user}` is replaced once.
  std::string_view own_text = {};  ///< Shown instead of the text, where that is misleading.
};

/// In order of precedence: the first that fits is meant.
std::span<const ErrorRule> error_rules() noexcept;

}  // namespace cdc::mysql
