#pragma once

/// What is made of a decimal's text.

#include <string_view>

#include "cdc/model/table_schema.h"
#include "cdc/model/value.h"

namespace cdc::opencdc {

/// `text`: as written above.
double nearest_double(std::string_view text) noexcept;

/// The digits of `text` without sign and point as one number, big-endian two's complement in the fewest bytes, at the start of
/// `room`, which may be where `text` is. At most 28 bytes. Returns them.
std::string_view unscaled_digits(std::string_view text, char* room) noexcept;

}  // namespace cdc::opencdc
