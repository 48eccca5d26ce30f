#include "cdc/config/settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/config/table_rules.h"
#include "nearest.h"
#include "settings_table.h"
#include "text_values.h"

namespace cdc::config {
namespace {

constexpr std::size_t longest_shown_key = 200;

/// A key as it may be shown: `--set URL` splits at the `=` of a URL, and a URL holds a password.
bool may_show_key(std::string_view key) noexcept {
  return key.size() <= longest_shown_key && std::none_of(key.begin(), key.end(), [](char c) {
           return c == ':' || c == '@' || c == '/' || static_cast<unsigned char>(c) < 0x20;
         });
}

Problem unknown(std::string_view key) {
  if (!may_show_key(key)) return {"(key not shown)", "no setting has such a name; write key=value", ErrorCode::setting_unknown};
  const auto near = nearest_key(key);
  return {std::string{key}, near.empty() ? "unknown setting" : fmt::format("unknown setting; did you mean {}?", near),
          ErrorCode::setting_unknown};
}

Problem unavailable(std::string_view key) { return {std::string{key}, "not in this version; remove it", ErrorCode::setting_unavailable}; }

/// Finds the value among the row's choices.
std::optional<Problem> check_choice(std::string_view key, const SettingInfo& info, Input& input) {
  const auto allowed = [](std::string_view choices) {
    std::string out{choices};
    for (std::size_t bar = out.find('|'); bar != std::string::npos; bar = out.find('|', bar)) out.replace(bar, 1, ", ");
    return out;
  };
  const auto index = find_choice(info.allowed, input.value);
  if (!index) return Problem{std::string{key}, fmt::format("{} is none of {}", show(input.value), allowed(info.allowed))};
  if (!info.available_values.empty() && !find_choice(info.available_values, input.value)) {
    return Problem{std::string{key}, fmt::format("{} is not in this version; it has {}", show(input.value), allowed(info.available_values)),
                   ErrorCode::setting_unavailable};
  }
  input.choice = *index;
  return std::nullopt;
}

std::optional<Problem> apply(std::string_view key, std::string_view value, Settings& settings) {
  Input input{.value = trim(value), .stars = {}};
  const auto rows = setting_rows();
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const SettingRow& candidate) { return key_fits(candidate.info.key, key, input.stars); });
  if (row == rows.end()) return unknown(key);
  if (input.value.empty()) return std::nullopt;
  if (!row->info.available && row->info.foreign) return std::nullopt;
  if (!row->info.available) return unavailable(key);
  if (row->info.type == "choice") {
    if (auto problem = check_choice(key, row->info, input)) return problem;
  }
  auto fault = row->parse(input, settings);
  if (fault.text.empty()) return std::nullopt;
  return Problem{std::string{key}, std::move(fault.text), fault.code};
}

bool is_given(const Entries& entries, const std::string& key) {
  const auto entry = entries.find(key);
  return entry != entries.end() && !trim(entry->second).empty();
}

bool hashes(const Settings& settings) {
  return std::any_of(settings.columns_mask.begin(), settings.columns_mask.end(),
                     [](const MaskRule& rule) { return rule.method == MaskMethod::hash; });
}

/// Key columns must be there and tell rows apart.
void check_key_columns(const Settings& settings, std::vector<Problem>& problems) {
  if (settings.key_columns.empty()) return;
  const ColumnRules rules{settings};
  for (const auto& [name, columns] : settings.key_columns) {
    const std::string_view table{name};
    const auto dot = table.find('.');
    for (const std::string& column : columns) {
      const auto schema = table.substr(0, dot), bare = table.substr(dot + 1);
      const auto mask = rules.mask(schema, bare, column);
      const auto key = fmt::format("key.columns.{}", name);
      if (rules.excluded(schema, bare, column)) problems.push_back({key, fmt::format("columns.exclude drops its column {}", show(column))});
      if (mask && *mask != MaskMethod::hash) {
        problems.push_back(
            {key, fmt::format("columns.mask makes its column {} alike in many rows: only hash keeps keys apart", show(column))});
      }
    }
  }
}

void check_together(const Entries& entries, const Settings& settings, std::vector<Problem>& problems) {
  const auto both = [&](const char* a, const char* b, const char* text) {
    if (is_given(entries, a) && is_given(entries, b)) problems.push_back({a, text});
  };
  both("dsn", "url", "another name of url, which is there too: keep one");
  both("snapshot.enabled", "snapshot.mode", "the Go connector's name of snapshot.mode, which is there too: keep that");
  both("url.passwordCommand", "url.passwordFile", "url.passwordFile is there too: keep one");
  if (hashes(settings) && settings.mask_key_file.empty()) problems.push_back({"columns.mask", "hash needs columns.maskKeyFile"});
  if (settings.read_timeout && *settings.read_timeout <= settings.heartbeat) {
    problems.push_back({"readTimeout", fmt::format("must be longer than heartbeat ({}), else a quiet stream looks dead",
                                                   format_duration(settings.heartbeat))});
  }
}

}  // namespace

Settings parse_settings(const Entries& entries, std::vector<Problem>& problems) {
  Settings settings;
  const auto before = problems.size();
  for (const auto& [key, value] : entries) {
    if (auto problem = apply(key, value, settings)) problems.push_back(std::move(*problem));
  }
  check_together(entries, settings, problems);
  if (problems.size() == before) check_key_columns(settings, problems);
  return settings;
}

std::vector<std::string> notes_on(const Entries& entries) {
  std::vector<std::string> out;
  Input input{};
  for (const auto& [key, value] : entries) {
    if (trim(value).empty()) continue;
    for (const SettingRow& row : setting_rows()) {
      if (!row.info.foreign || !key_fits(row.info.key, key, input.stars)) continue;
      out.push_back(
          fmt::format("{} is the Go connector's setting{}; {}", key, row.info.available ? "" : " and has no effect", row.info.description));
    }
  }
  return out;
}

void require_url(const Settings& settings, std::vector<Problem>& problems) {
  if (settings.url.empty()) problems.push_back({"url", "is required: mysql://user@host:3306/schema"});
}

void throw_if_any(const std::vector<Problem>& problems) {
  if (problems.empty()) return;
  const auto first = problems.front().code;
  const bool agree = std::all_of(problems.begin(), problems.end(), [&](const Problem& problem) { return problem.code == first; });
  std::string text = problems.size() == 1 ? "" : fmt::format("{} problems with settings", problems.size());
  for (const Problem& problem : problems) text += fmt::format("{}{}: {}", problems.size() == 1 ? "" : "\n  ", problem.key, problem.text);
  throw Error{agree ? first : ErrorCode::setting_invalid, Remedy::operate, text, "docs/settings.md has every setting"};
}

}  // namespace cdc::config
