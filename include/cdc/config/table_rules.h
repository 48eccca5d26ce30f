#pragma once

/// Which tables are captured, which columns are dropped or masked.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/config/settings.h"

namespace cdc::config {

/// The `tables` setting, compiled. Later rule wins. Immutable; thread-safe.
class TableRules {
 public:
  /// `default_schema`: the URL's database; empty = rules without schema mean every schema.
  /// Throws Error(setting_invalid) naming the rule.
  TableRules(std::string_view rules, std::string_view default_schema);
  ~TableRules();
  TableRules(TableRules&&) noexcept;
  TableRules& operator=(TableRules&&) noexcept;

  /// System schemas never match. Not cheap: callers cache the answer per table.
  bool matches(std::string_view schema, std::string_view table) const;
  /// Rules (as written) that matched none of the tables asked for so far are found by asking each.
  std::vector<std::string> rules_without_match(const std::vector<std::pair<std::string, std::string>>& tables) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

/// mysql, information_schema, performance_schema, sys, and other schemas of the server's own.
bool is_system_schema(std::string_view schema) noexcept;

/// columns.exclude and columns.mask, compiled. Immutable; thread-safe.
class ColumnRules {
 public:
  explicit ColumnRules(const Settings& settings);
  bool excluded(std::string_view schema, std::string_view table, std::string_view column) const;
  std::optional<MaskMethod> mask(std::string_view schema, std::string_view table, std::string_view column) const;

 private:
  std::vector<std::string> exclude_;
  std::vector<MaskRule> mask_;
};

}  // namespace cdc::config
