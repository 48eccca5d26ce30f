#pragma once

/// Which tables are captured, which columns are dropped or masked.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cdc/config/settings.h"

namespace cdc::config {

/// The `tables` setting, compiled: a comma list in which a later rule wins.
///
/// `orders`, `shop.orders`, `shop.*`, `tmp_?`: globs on whole names. A rule without schema means the
/// default schema, or every schema when there is none. `/regex/`: RE2 on the whole of `schema.table`.
/// `!` before either excludes. `+regex`, `-regex`: RE2 anywhere in the table name, as the Go connector
/// has them. Names of other characters stand between backticks, in which * and ? are themselves; a
/// backslash makes the next character itself, a comma too. Exclusions alone mean "all but these".
/// Letter case counts, whatever lower_case_table_names says. Immutable; thread-safe.
class TableRules {
 public:
  /// `default_schema`: the URL's database; empty = rules without schema mean every schema.
  /// Throws Error(setting_invalid) naming the rules that are wrong.
  TableRules(std::string_view rules, std::string_view default_schema);
  ~TableRules();
  TableRules(TableRules&&) noexcept;
  TableRules& operator=(TableRules&&) noexcept;

  /// System schemas never match. Not cheap: callers cache the answer per table.
  bool matches(std::string_view schema, std::string_view table) const;
  /// The rules, as written, that apply to none of these (schema, table), exclusions too.
  std::vector<std::string> rules_without_match(const std::vector<std::pair<std::string, std::string>>& tables) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

/// mysql, information_schema, performance_schema, sys, and other schemas of the server's own, in any letter case.
bool is_system_schema(std::string_view schema) noexcept;

/// columns.exclude and columns.mask, compiled: globs on the three parts of schema.table.column. The
/// column's letter case does not count, as on servers. A later mask wins; excluded beats masked.
/// Immutable; thread-safe.
class ColumnRules {
 public:
  /// Throws Error(setting_invalid) naming the rules that are wrong.
  explicit ColumnRules(const Settings& settings);
  ~ColumnRules();
  ColumnRules(ColumnRules&&) noexcept;
  ColumnRules& operator=(ColumnRules&&) noexcept;

  /// Not cheap: callers cache the answers per table.
  bool excluded(std::string_view schema, std::string_view table, std::string_view column) const;
  std::optional<MaskMethod> mask(std::string_view schema, std::string_view table, std::string_view column) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace cdc::config
