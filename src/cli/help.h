#pragma once

/// The --help texts. A test holds them against the options that exist.

#include <string_view>

namespace cdc::cli {

extern const std::string_view main_help, dry_run_help, triggers_help, version_help;

}  // namespace cdc::cli
