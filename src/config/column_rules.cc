#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cdc/config/table_rules.h"
#include "column_rule.h"
#include "name_glob.h"
#include "text_values.h"

namespace cdc::config {
namespace {

struct ColumnGlob {
  std::array<std::unique_ptr<re2::RE2>, 3> parts;  ///< Schema, table, column.

  bool matches(std::string_view schema, std::string_view table, std::string_view column) const {
    return matches_whole(*parts[2], column) && matches_whole(*parts[1], table) && matches_whole(*parts[0], schema);
  }
};

ColumnGlob compile(std::string_view glob, std::string& problem) {
  ColumnGlob out;
  const auto parts = parse_name_parts(glob, problem);
  if (problem.empty() && parts.size() != out.parts.size()) {
    problem = "schema.table.column has three parts: *.users.email is a column in every schema";
  }
  for (std::size_t i = 0; problem.empty() && i < out.parts.size(); ++i) {
    out.parts.at(i) = compile_regex(parts[i].regex, {.ignore_case = i == 2}, problem);
  }
  return out;
}

}  // namespace

std::string column_glob_problem(std::string_view glob) {
  std::string problem;
  compile(glob, problem);
  return problem;
}

struct ColumnRules::Compiled {
  struct Mask {
    ColumnGlob glob;
    MaskMethod method;
  };
  std::vector<ColumnGlob> exclude;
  std::vector<Mask> masks;
};

ColumnRules::ColumnRules(const Settings& settings) : compiled_{std::make_unique<Compiled>()} {
  std::vector<std::string> problems;
  const auto compiled = [&](const std::string& glob) {
    std::string problem;
    auto out = compile(glob, problem);
    if (!problem.empty()) problems.push_back(fmt::format("rule {}: {}", show(glob), problem));
    return out;
  };
  for (const std::string& glob : settings.columns_exclude) compiled_->exclude.push_back(compiled(glob));
  for (const MaskRule& rule : settings.columns_mask) compiled_->masks.push_back({compiled(rule.column_glob), rule.method});
  if (!problems.empty()) {
    throw Error{ErrorCode::setting_invalid, Remedy::operate, fmt::format("columns: {}", join(problems, "; ")),
                "write for example columns.exclude: shop.users.password"};
  }
}

ColumnRules::~ColumnRules() = default;
ColumnRules::ColumnRules(ColumnRules&&) noexcept = default;
ColumnRules& ColumnRules::operator=(ColumnRules&&) noexcept = default;

bool ColumnRules::excluded(std::string_view schema, std::string_view table, std::string_view column) const {
  const auto& globs = compiled_->exclude;
  return std::any_of(globs.begin(), globs.end(), [&](const ColumnGlob& glob) { return glob.matches(schema, table, column); });
}

std::optional<MaskMethod> ColumnRules::mask(std::string_view schema, std::string_view table, std::string_view column) const {
  const auto& masks = compiled_->masks;
  const auto last = std::find_if(masks.rbegin(), masks.rend(), [&](const auto& rule) { return rule.glob.matches(schema, table, column); });
  return last == masks.rend() ? std::nullopt : std::optional{last->method};
}

}  // namespace cdc::config
