#pragma once

/// What a text column's bytes are as a value: one rule for rows of the binlog and rows of a SELECT.

#include <string_view>

#include "cdc/base/arena.h"
#include "cdc/charset/text_charset.h"
#include "cdc/model/value.h"

namespace cdc::charset {

/// Sets kind, mark and data: `text` in UTF-8, `bytes` for the binary coding, and `bytes` with the mark invalid_text for what is not valid
/// in `coding`. `raw` is borrowed where it can stay as it is, else converted into `scratch`. Adds unknown_charset where the coding is not
/// known.
void set_text_value(Value& out, std::string_view raw, TextCoding coding, Arena& scratch);

}  // namespace cdc::charset
