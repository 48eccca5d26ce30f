#include "cdc/config/table_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "name_glob.h"
#include "table_rule.h"
#include "text_values.h"

namespace cdc::config {
namespace {

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  constexpr auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

/// Where a rule applies, besides what it says of names.
enum class Kind : std::uint8_t { qualified_glob, bare_glob, qualified_regex, bare_regex };

}  // namespace

struct TableRule {
  std::string written;
  bool include = true;
  Kind kind = Kind::bare_glob;
  std::unique_ptr<re2::RE2> schema, table;  ///< `table` is about `schema.table` in a qualified regex.

  bool applies(std::string_view to_schema, std::string_view to_table, bool default_scope) const {
    switch (kind) {
      case Kind::qualified_glob: return matches_whole(*schema, to_schema) && matches_whole(*table, to_table);
      case Kind::bare_glob: return default_scope && matches_whole(*table, to_table);
      case Kind::qualified_regex: return matches_whole(*table, fmt::format("{}.{}", to_schema, to_table));
      case Kind::bare_regex: return default_scope && matches_anywhere(*table, to_table);
    }
    return false;
  }
};

namespace {

void parse_regex(std::string_view text, TableRule& rule, std::string& problem) {
  if (text.size() < 3 || !text.ends_with('/')) {
    problem = "a regex stands between slashes: /shop\\.order_.*/; a slash in it is written \\/";
    return;
  }
  rule.kind = Kind::qualified_regex;
  rule.table = compile_regex(text.substr(1, text.size() - 2), {}, problem);
}

/// The Go connector's form. Its lists split at every comma, so one in the regex is written `\,` here.
void parse_signed_regex(std::string_view text, TableRule& rule, std::string& problem) {
  std::string regex{text};
  for (auto at = regex.find("\\,"); at != std::string::npos; at = regex.find("\\,", at + 1)) regex.erase(at, 1);
  if (regex.empty()) {
    problem = "a regex follows + or -; a name that begins so stands between backticks";
    return;
  }
  rule.kind = Kind::bare_regex;
  rule.table = compile_regex(regex, {}, problem);
}

void parse_glob(std::string_view text, TableRule& rule, std::string& problem) {
  const auto parts = parse_name_parts(text, problem);
  if (!problem.empty()) return;
  if (parts.size() > 2) {
    problem = "more than schema.table: a name with a dot in it stands between backticks";
    return;
  }
  if (parts.size() == 2 && rule.include && parts.front().is_literal && is_system_schema(parts.front().name)) {
    problem = "a schema of the server's own is never captured";
    return;
  }
  rule.kind = parts.size() == 2 ? Kind::qualified_glob : Kind::bare_glob;
  if (parts.size() == 2) rule.schema = compile_regex(parts.front().regex, {}, problem);
  if (problem.empty()) rule.table = compile_regex(parts.back().regex, {}, problem);
}

TableRule parse_rule(std::string_view item, std::string& problem) {
  TableRule rule;
  rule.written = item;
  rule.include = !is_exclusion(item);
  if (item.front() == '+' || item.front() == '-') {
    parse_signed_regex(item.substr(1), rule, problem);
    return rule;
  }
  if (item.front() == '!') item = trim(item.substr(1));
  if (item.starts_with('/')) {
    parse_regex(item, rule, problem);
  } else {
    parse_glob(item, rule, problem);
  }
  return rule;
}

}  // namespace

struct TableRules::Compiled {
  std::string default_schema;
  std::vector<TableRule> rules;
  bool begins_with_all = false;

  bool in_default_scope(std::string_view schema) const { return default_schema.empty() || schema == default_schema; }
};

bool is_exclusion(std::string_view item) noexcept { return item.starts_with('!') || item.starts_with('-'); }

bool is_bare(std::string_view item) {
  if (item.starts_with('+') || item.starts_with('-')) return true;
  if (item.starts_with('!')) item = trim(item.substr(1));
  std::string problem;
  return !item.starts_with('/') && parse_name_parts(item, problem).size() == 1;
}

bool only_exclusions(const std::vector<std::string>& items) { return std::all_of(items.begin(), items.end(), is_exclusion); }

bool is_system_schema(std::string_view schema) noexcept {
  constexpr std::array<std::string_view, 8> names{"mysql",   "information_schema", "performance_schema",          "sys",
                                                  "ndbinfo", "mysql_option",       "mysql_rest_service_metadata", "mysql_tasks"};
  constexpr std::string_view cluster = "mysql_innodb_cluster_metadata";  // Upgrades leave _bkp and _previous.
  return equals_ignoring_case(schema.substr(0, cluster.size()), cluster) ||
         std::any_of(names.begin(), names.end(), [&](std::string_view name) { return equals_ignoring_case(schema, name); });
}

TableRules::TableRules(std::string_view rules, std::string_view default_schema) : compiled_{std::make_unique<Compiled>()} {
  const auto items = split_rules(rules);
  std::vector<std::string> problems;
  for (const std::string& item : items) {
    std::string problem;
    compiled_->rules.push_back(parse_rule(item, problem));
    if (!problem.empty()) problems.push_back(fmt::format("rule {}: {}", show(item), problem));
  }
  if (items.empty()) problems.emplace_back("no rule: write * for all tables");
  if (!problems.empty()) {
    throw Error{ErrorCode::setting_invalid, Remedy::operate, fmt::format("tables: {}", join(problems, "; ")),
                "write for example tables: \"shop.*, !shop.tmp_*, /crm\\.order_[0-9]+/\""};
  }
  compiled_->default_schema = default_schema;
  compiled_->begins_with_all = only_exclusions(items);
}

TableRules::~TableRules() = default;
TableRules::TableRules(TableRules&&) noexcept = default;
TableRules& TableRules::operator=(TableRules&&) noexcept = default;

bool TableRules::matches(std::string_view schema, std::string_view table) const {
  if (is_system_schema(schema)) return false;
  const bool default_scope = compiled_->in_default_scope(schema);
  const auto& rules = compiled_->rules;
  const auto last =
      std::find_if(rules.rbegin(), rules.rend(), [&](const TableRule& rule) { return rule.applies(schema, table, default_scope); });
  return last != rules.rend() ? last->include : compiled_->begins_with_all && default_scope;
}

std::vector<std::string> TableRules::rules_without_match(const std::vector<std::pair<std::string, std::string>>& tables) const {
  std::vector<std::string> out;
  for (const TableRule& rule : compiled_->rules) {
    const bool used = std::any_of(tables.begin(), tables.end(), [&](const auto& name) {
      return !is_system_schema(name.first) && rule.applies(name.first, name.second, compiled_->in_default_scope(name.first));
    });
    if (!used) out.push_back(rule.written);
  }
  return out;
}

}  // namespace cdc::config
