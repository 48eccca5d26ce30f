#include "cascades.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/catalog/table_catalog.h"
#include "names.h"
#include "table_facts.h"

namespace cdc::admin {
namespace {

bool can_fire(const ServerFacts& server) { return !server.is_mariadb() && server.version.at_least(9, 7); }

Notice describe(const catalog::Cascade& cascade, bool may_fire) {
  const std::string child = quoted_table(cascade.child_schema, cascade.child_table);
  return {fmt::format("{}: foreign key `{}` to {} (ON DELETE {}, ON UPDATE {}) changes rows without firing triggers",
                      shown_table(cascade.child_schema, cascade.child_table), cascade.constraint,
                      shown_table(cascade.parent_schema, cascade.parent_table), cascade.on_delete, cascade.on_update),
          fmt::format(
              "{}ALTER TABLE {} DROP FOREIGN KEY {}, add it again with ON DELETE RESTRICT ON UPDATE RESTRICT and change the children in "
              "the application; or leave the table out: tables=…,!{}.{}; or accept the gap: onUnsupported.cascade=warn",
              may_fire ? "SET PERSIST enable_cascade_triggers = ON and reconnect every writer; or " : "", child,
              mysql::quote_name(cascade.constraint), cascade.child_schema, cascade.child_table)};
}

}  // namespace

void judge_cascades(mysql::Connection& connection, const ServerFacts& server, const Request& request, std::vector<Notice>& refusals,
                    std::vector<Notice>& warnings) {
  const auto wanted = [&](std::string_view schema, std::string_view table) {
    return std::ranges::any_of(request.tables, [&](const auto& name) { return name.first == schema && name.second == table; });
  };
  const auto found = catalog::list_cascades(connection, wanted);
  if (found.empty()) return;
  if (server.cascade_triggers) {
    warnings.push_back(
        {"enable_cascade_triggers is ON: cascades fire triggers, but not of sessions that set it OFF or began before it was set",
         "reconnect writers that are older than the setting"});
    return;
  }
  auto& to = request.settings.on_unsupported.cascade == config::Policy::warn ? warnings : refusals;
  for (const catalog::Cascade& cascade : found) to.push_back(describe(cascade, can_fire(server)));
}

}  // namespace cdc::admin
