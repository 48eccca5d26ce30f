#pragma once

/// `mysql-cdc triggers`.

#include <stop_token>

#include "arguments.h"

namespace cdc::cli {

/// Returns an exit code. Throws Error.
int triggers(const TriggersArguments& arguments, When color, std::stop_token interrupted);

}  // namespace cdc::cli
