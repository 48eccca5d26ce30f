#include <fmt/format.h>

#include <algorithm>

#include "cdc/admin/triggers.h"
#include "cdc/catalog/fields.h"
#include "changelog_state.h"
#include "names.h"
#include "server_facts.h"
#include "table_script.h"

namespace cdc::admin {
namespace {

bool has_consumers(mysql::Connection& connection, const catalog::ChangelogNames& names) {
  return connection.query_value(fmt::format("SELECT 1 FROM {} LIMIT 1", names.quoted("consumer"))).has_value();
}

/// Whether the payload table has rows: the reader purges what it and its host are done with.
bool has_payload_rows(mysql::Connection& connection, const catalog::ChangelogNames& names, std::uint32_t tid) {
  const auto exists =
      connection.query_value(fmt::format("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND TABLE_NAME = {}",
                                         connection.quote(names.schema), connection.quote(names.payload_name(tid))));
  return exists && connection.query_value(fmt::format("SELECT 1 FROM {} LIMIT 1", names.payload(tid)));
}

}  // namespace

Plan plan_cleanup(mysql::Connection& connection, const Request& request, bool ahead) {
  Plan out;
  const ChangelogState state = load_changelog_state(connection, request.names);
  if (!state.installed) return out;
  const TableScripts scripts{request.names, request.lock_wait, connection.version().flavor == mysql::Flavor::mariadb};
  // Without a consumer nobody waits for what is left of a changelog that goes.
  const bool discard = request.discard || (request.task == Task::uninstall && !has_consumers(connection, request.names));
  std::size_t left = 0;
  for (const catalog::RegisteredTable& entry : state.registry) {
    const std::string name = shown_table(entry.schema, entry.table);
    const bool going = ahead && std::ranges::find(request.tables, std::pair{entry.schema, entry.table}) != request.tables.end();
    if (entry.state != catalog::CaptureState::retired && !going) {
      ++left;
    } else if (!discard && has_payload_rows(connection, request.names, entry.tid)) {
      ++left;
      out.warnings.push_back(
          {fmt::format("{}: {} has changes that are not read and purged yet: kept", name, request.names.payload_name(entry.tid)),
           "run it again when they are, or with --discard"});
    } else {
      const std::string title = fmt::format("{}: {} goes", name, request.names.payload_name(entry.tid));
      out.steps.push_back({title, scripts.drop_payload(title, entry.tid)});
    }
  }
  if (left == 0 && request.task == Task::uninstall) out.steps.push_back({"the changelog itself goes", scripts.drop_core()});
  return out;
}

}  // namespace cdc::admin
