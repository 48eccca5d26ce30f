#pragma once

/// The host's settings map, checked as a whole, with its mistakes in the words that users of the host know.

#include "cdc/config/settings.h"

namespace cdc::conduit {

/// Throws Error that lists every mistake, a line each. `may_run_commands`: url.passwordCommand is allowed.
config::Settings read_configuration(const config::Entries& entries, bool may_run_commands);

}  // namespace cdc::conduit
