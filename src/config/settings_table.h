#pragma once

/// The one table of settings: what each is called, what it means and how its text is read.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/config/settings.h"

namespace cdc::config {

/// What a row's parser gets: a trimmed value that is not empty.
struct Input {
  std::string_view value;
  std::vector<std::string_view> stars;  ///< What stood for each `*` of the key.
  std::size_t choice = 0;               ///< Index of a choice's value in `allowed`.
};

/// What is wrong with a value; an empty text when nothing is.
struct Fault {
  std::string text;
  ErrorCode code = ErrorCode::setting_invalid;
};

/// Stores the value.
using Parser = Fault (*)(const Input& input, Settings& settings);

struct SettingRow {
  SettingInfo info;
  Parser parse = nullptr;  ///< None for what is not available, or has one possible value yet.
};

std::span<const SettingRow> setting_rows();

/// Whether a key fits a row's key; fills `stars` with what stood for each `*`.
bool key_fits(std::string_view pattern, std::string_view key, std::vector<std::string_view>& stars);

}  // namespace cdc::config
