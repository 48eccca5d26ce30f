#pragma once

/// Parsers of single settings, made from the member they fill.

#include <fmt/format.h>

#include "settings_table.h"
#include "text_values.h"

namespace cdc::config {

template <auto Member>
Fault text(const Input& input, Settings& settings) {
  settings.*Member = input.value;
  return {};
}

template <auto Member>
Fault boolean(const Input& input, Settings& settings) {
  const auto value = parse_bool(input.value);
  if (!value) return {fmt::format("{} is not true or false", show(input.value))};
  settings.*Member = *value;
  return {};
}

/// The enumerators of the member's type stand in the order of the row's choices.
template <auto Member>
Fault choice(const Input& input, Settings& settings) {
  auto& member = settings.*Member;
  member = static_cast<std::remove_reference_t<decltype(member)>>(input.choice);
  return {};
}

template <auto Member>
Fault value_form(const Input& input, Settings& settings) {
  auto& member = settings.values.*Member;
  member = static_cast<std::remove_reference_t<decltype(member)>>(input.choice);
  return {};
}

template <auto Member>
Fault policy(const Input& input, Settings& settings) {
  settings.on_unsupported.*Member = static_cast<Policy>(input.choice);
  return {};
}

template <auto Member>
Fault trigger(const Input& input, Settings& settings) {
  settings.trigger.*Member = input.value;
  return {};
}

template <auto Member>
Fault trigger_choice(const Input& input, Settings& settings) {
  auto& member = settings.trigger.*Member;
  member = static_cast<std::remove_reference_t<decltype(member)>>(input.choice);
  return {};
}

/// Nothing to store: the only choice there is yet is what the program does.
inline Fault nothing(const Input&, Settings&) { return {}; }

template <auto Member, std::uint64_t least, std::uint64_t most>
Fault integer(const Input& input, Settings& settings) {
  const auto value = parse_uint(input.value);
  if (!value || *value < least || *value > most) return {fmt::format("{} is not a whole number {}..{}", show(input.value), least, most)};
  using Stored = std::remove_reference_t<decltype(settings.*Member)>;
  if constexpr (requires { typename Stored::value_type; }) {
    settings.*Member = static_cast<typename Stored::value_type>(*value);
  } else {
    settings.*Member = static_cast<Stored>(*value);
  }
  return {};
}

template <std::int64_t least_ms, std::int64_t most_ms, class Stored>
Fault read_duration(const Input& input, Stored& out) {
  constexpr std::chrono::milliseconds least{least_ms}, most{most_ms};
  const auto value = parse_duration(input.value);
  if (!value) return {fmt::format("{} is not a duration: write it like 10s, 500ms or 1m30s", show(input.value))};
  if (*value < least || *value > most) {
    return {fmt::format("{} is outside {}..{}", show(input.value), format_duration(least), format_duration(most))};
  }
  out = *value;
  return {};
}

template <auto Member, std::int64_t least_ms, std::int64_t most_ms>
Fault duration(const Input& input, Settings& settings) {
  return read_duration<least_ms, most_ms>(input, settings.*Member);
}

template <auto Member, std::int64_t least_ms, std::int64_t most_ms>
Fault trigger_duration(const Input& input, Settings& settings) {
  return read_duration<least_ms, most_ms>(input, settings.trigger.*Member);
}

// Those that need more than a member.
Fault parse_tables(const Input& input, Settings& settings);
Fault parse_start(const Input& input, Settings& settings);
Fault parse_key_columns(const Input& input, Settings& settings);
Fault parse_snapshot_where(const Input& input, Settings& settings);
Fault parse_exclude(const Input& input, Settings& settings);
Fault parse_mask(const Input& input, Settings& settings);
Fault parse_definer(const Input& input, Settings& settings);
Fault parse_events(const Input& input, Settings& settings);
/// The Go connector's: false is our snapshot.mode=never.
Fault parse_snapshot_enabled(const Input& input, Settings& settings);

}  // namespace cdc::config
