#pragma once

/// What there is of a changelog on the server.

#include <cstdint>
#include <string>
#include <vector>

#include "cdc/catalog/changelog.h"
#include "plan_table.h"

namespace cdc::admin {

struct ChangelogState {
  bool installed = false;
  std::vector<catalog::RegisteredTable> registry;
  std::uint32_t next_tid = 1;  ///< Never one that the log, the registry or a payload table knows.
};

/// Throws Error(changelog_layout).
ChangelogState load_changelog_state(mysql::Connection& connection, const catalog::ChangelogNames& names);

TableState state_of_table(mysql::Connection& connection, const catalog::ChangelogNames& names, const ChangelogState& state,
                          const std::string& schema, const std::string& table);

}  // namespace cdc::admin
