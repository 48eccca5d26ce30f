#pragma once

/// From arguments to settings and to the server's address.

#include <string>

#include "arguments.h"
#include "cdc/capture/binlog_source.h"
#include "cdc/config/settings.h"

namespace cdc::cli {

struct DryRunSettings {
  config::Settings settings;
  capture::Range range;
  std::string connector_id;
  Position start;  ///< To go on with a snapshot.
};

/// File, then URL, then --set, then the other options: the later wins. Settings that a dry run does
/// not follow are dropped with a log line. Throws Error for everything that is wrong, all in one.
DryRunSettings read_settings(const DryRunArguments& arguments);

}  // namespace cdc::cli
