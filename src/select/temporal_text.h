#pragma once

/// Dates and times from the text that the server prints. Each is false when the text is anything else.

#include <cstdint>
#include <string_view>

#include "cdc/model/value.h"

namespace cdc::select {

/// `2024-02-29`; month and day may be 00.
bool read_date(std::string_view text, Value& out) noexcept;
/// `2024-02-29 12:00:00.123`, with exactly `fraction_digits` digits.
bool read_datetime(std::string_view text, std::uint8_t fraction_digits, Value& out) noexcept;
/// The same as an instant in UTC; all zero is the zero timestamp.
bool read_timestamp(std::string_view text, std::uint8_t fraction_digits, Value& out) noexcept;
/// `-838:59:59.000001`, with exactly `fraction_digits` digits.
bool read_time(std::string_view text, std::uint8_t fraction_digits, Value& out) noexcept;
/// `0000`, or 1901 to 2155; 1900 is what the server makes of a two-digit zero year.
bool read_year(std::string_view text, Value& out) noexcept;

}  // namespace cdc::select
