#pragma once

/// `mysql-cdc dry-run`: a source, a printer, and when to end.

#include <stop_token>

#include "arguments.h"

namespace cdc::cli {

/// Returns the exit status; throws Error.
int dry_run(const DryRunArguments& arguments, When color, std::stop_token interrupted);

}  // namespace cdc::cli
