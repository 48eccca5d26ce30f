#pragma once

/// The plain values that settings hold: durations, numbers, truth, and how wrong ones are shown.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cdc::config {

std::string_view trim(std::string_view text) noexcept;

/// As Go writes them, and days: `10s`, `500ms`, `1m30s`, `1.5h`, `7d`, `0`. Whole milliseconds, not
/// negative, at most 100 years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;
/// `1m30s`; the inverse of parse_duration.
std::string format_duration(std::chrono::milliseconds duration);

std::optional<std::uint64_t> parse_uint(std::string_view text) noexcept;

/// The words Go takes for truth: 1, t, T, TRUE, true, True and their opposites.
std::optional<bool> parse_bool(std::string_view text) noexcept;

/// A value in quotes for a message: cut after 60 bytes, control characters as `\x1b`.
std::string show(std::string_view value);

/// The texts with `separator` between them.
std::string join(const std::vector<std::string>& texts, std::string_view separator);

/// Index of `value` among the words of `choices`, which stand between `|`.
std::optional<std::size_t> find_choice(std::string_view choices, std::string_view value) noexcept;

}  // namespace cdc::config
