#pragma once

/// Whether a definition's triggers are there, are what was installed, and can run.

#include <vector>

#include "cdc/admin/inspect.h"
#include "plan_table.h"

namespace cdc::admin {

/// A missing trigger, a changed one, a definer that is gone, and triggers that this account may not see are told apart.
std::vector<Finding> check_triggers(mysql::Connection& connection, const catalog::ChangelogNames& names, const KnownDefinition& known);

}  // namespace cdc::admin
