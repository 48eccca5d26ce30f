#include "captured_tables.h"

#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/catalog/changelog.h"
#include "cdc/catalog/table_catalog.h"

namespace cdc::capture {

using TableList = std::vector<std::pair<std::string, std::string>>;

TableList find_tables(mysql::Connection& connection, const CaptureOptions& options) {
  TableList all = catalog::list_tables(connection);
  if (options.from_changelog)
    std::erase_if(all, [&](const auto& name) {
      return catalog::ChangelogNames{name.first, options.settings.trigger.prefix}.owns(name.first, name.second);
    });
  TableList matched;
  for (const auto& name : all)
    if (options.tables.matches(name.first, name.second)) matched.push_back(name);
  if (matched.empty() && !options.settings.tables_allow_none)
    throw Error{ErrorCode::no_table_matches, Remedy::operate,
                fmt::format("tables={} matches none of the {} tables this account can see", options.settings.tables, all.size()),
                "correct `tables`, GRANT SELECT on them to this account, or set tables.allowNone=true to wait for them"};
  for (const std::string& rule : options.tables.rules_without_match(all))
    log(LogLevel::warning, fmt::format("the rule {} of `tables` matches no table", rule));
  return matched;
}

}  // namespace cdc::capture
