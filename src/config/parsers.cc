#include "parsers.h"

#include <algorithm>

#include "cdc/config/table_rules.h"
#include "column_rule.h"
#include "name_glob.h"

namespace cdc::config {
namespace {

constexpr std::string_view mask_methods = "hash|null|last4";

/// What `parse` has to say of each item of a list, all of it.
template <class Parse>
Fault each_item(std::string_view list, Parse&& parse) {
  std::vector<std::string> problems;
  for (const std::string& item : split_rules(list)) {
    if (const std::string problem = parse(item); !problem.empty()) problems.push_back(fmt::format("{}: {}", show(item), problem));
  }
  return {join(problems, "; ")};
}

/// `shop.users.email=hash`; the answer is what is wrong with it.
std::string parse_mask_rule(std::string_view item, MaskRule& rule) {
  const auto equals = item.rfind('=');
  const auto method = equals == std::string_view::npos ? std::nullopt : find_choice(mask_methods, trim(item.substr(equals + 1)));
  if (!method) return fmt::format("write schema.table.column=METHOD, the method one of {}", mask_methods);
  rule = {std::string{trim(item.substr(0, equals))}, static_cast<MaskMethod>(*method)};
  return column_glob_problem(rule.column_glob);
}

bool is_file_position(std::string_view value) {
  static const re2::RE2 form{"[^:{}]+:[0-9]{1,20}"};
  return re2::RE2::FullMatch(re2::StringPiece{value.data(), value.size()}, form);
}

bool is_gtid_set(std::string_view value) {
  static const re2::RE2 form{R"((\d+-\d+-\d+)(\s*,\s*\d+-\d+-\d+)*|[0-9a-fA-F-]{32,36}(:[\w-]+)+(\s*,\s*[0-9a-fA-F-]{32,36}(:[\w-]+)+)*)"};
  return re2::RE2::FullMatch(re2::StringPiece{value.data(), value.size()}, form);
}

bool is_time(std::string_view value) {
  static const re2::RE2 form{R"(\d{4}-\d{2}-\d{2}[T ].*)"};
  return re2::RE2::FullMatch(re2::StringPiece{value.data(), value.size()}, form);
}

}  // namespace

Fault parse_tables(const Input& input, Settings& settings) {
  try {
    const TableRules check{input.value, {}};
    settings.tables = input.value;
    return {};
  } catch (const Error& error) {
    constexpr std::string_view frame = "tables: ";
    const auto message = error.message();
    return {std::string{message.starts_with(frame) ? message.substr(frame.size()) : message}};
  }
}

Fault parse_start(const Input& input, Settings& settings) {
  const auto value = input.value;
  if (is_time(value)) return {fmt::format("{}: starting at a time is not in this version", show(value)), ErrorCode::setting_unavailable};
  if (value != "now" && value != "earliest" && !is_gtid_set(value) && !is_file_position(value)) {
    return {fmt::format("{} is none of now, earliest, a GTID set, file:pos", show(value))};
  }
  settings.start = value;
  return {};
}

Fault parse_key_columns(const Input& input, Settings& settings) {
  auto& columns = settings.key_columns[fmt::format("{}.{}", input.stars.at(0), input.stars.at(1))];
  auto fault = each_item(input.value, [&](const std::string& item) -> std::string {
    std::string problem;
    const auto parts = parse_name_parts(item, problem);
    if (!problem.empty()) return problem;
    if (parts.size() != 1 || !parts.front().is_literal) return "not the name of one column";
    if (std::find(columns.begin(), columns.end(), parts.front().name) != columns.end()) return "is there twice";
    columns.push_back(parts.front().name);
    return {};
  });
  return fault.text.empty() && columns.empty() ? Fault{"names no column"} : fault;
}

Fault parse_snapshot_where(const Input& input, Settings& settings) {
  settings.snapshot_where[fmt::format("{}.{}", input.stars.at(0), input.stars.at(1))] = input.value;
  return {};
}

Fault parse_exclude(const Input& input, Settings& settings) {
  return each_item(input.value, [&](const std::string& item) {
    settings.columns_exclude.push_back(item);
    return column_glob_problem(item);
  });
}

Fault parse_mask(const Input& input, Settings& settings) {
  return each_item(input.value, [&](const std::string& item) {
    MaskRule rule;
    auto problem = parse_mask_rule(item, rule);
    if (problem.empty()) settings.columns_mask.push_back(std::move(rule));
    return problem;
  });
}

Fault parse_definer(const Input& input, Settings& settings) {
  const std::size_t at = input.value.rfind('@');
  const bool quoted = input.value.find_first_of("'`\"") != input.value.npos;
  if (at == input.value.npos || at == 0 || at + 1 == input.value.size() || quoted) {
    return {fmt::format("{} is no user@host: both parts, without quotes", show(input.value))};
  }
  settings.trigger.definer = input.value;
  return {};
}

Fault parse_events(const Input& input, Settings& settings) {
  using Events = Settings::Events;
  struct Kind {
    std::string_view name;
    bool Events::*flag;
  };
  constexpr Kind kinds[] = {{"truncate", &Events::truncate}, {"ddl", &Events::ddl}, {"transactions", &Events::transactions}};
  if (input.value.find("heartbeat") != std::string_view::npos)
    return {"heartbeat is not in this version; it has truncate, ddl, transactions", ErrorCode::setting_unavailable};
  return each_item(input.value, [&](const std::string& item) -> std::string {
    const auto kind = std::ranges::find(kinds, std::string_view{item}, &Kind::name);
    if (kind == std::end(kinds)) return "is none of truncate, ddl, transactions, heartbeat";
    settings.events.*kind->flag = true;
    return {};
  });
}

Fault parse_snapshot_enabled(const Input& input, Settings& settings) {
  const auto enabled = parse_bool(input.value);
  if (!enabled) return {fmt::format("{} is not true or false", show(input.value))};
  settings.snapshot_mode = *enabled ? SnapshotMode::initial : SnapshotMode::never;
  return {};
}

}  // namespace cdc::config
