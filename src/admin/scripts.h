#pragma once

/// The scripts of sql/ as they were when the program was built. See script.h for what stands in for their names.

#include <string_view>

namespace cdc::admin::scripts {

extern const std::string_view activate, core, definer_grants, definition, drop_core, drop_payload, status, table, triggers, uninstall,
    upgrade;

}  // namespace cdc::admin::scripts
