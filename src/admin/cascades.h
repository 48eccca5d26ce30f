#pragma once

/// Foreign keys whose actions change captured rows without firing triggers.

#include <vector>

#include "cdc/admin/triggers.h"
#include "server_facts.h"

namespace cdc::admin {

/// A refusal a constraint, or a warning where the gap is accepted (onUnsupported.cascade=warn) or the server fires triggers.
void judge_cascades(mysql::Connection& connection, const ServerFacts& server, const Request& request, std::vector<Notice>& refusals,
                    std::vector<Notice>& warnings);

}  // namespace cdc::admin
