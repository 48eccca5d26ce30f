#pragma once

/// Which tables of a server the settings mean.

#include <string>
#include <utility>
#include <vector>

#include "cdc/capture/binlog_source.h"
#include "cdc/mysql/connection.h"

namespace cdc::capture {

/// Those that exist, as (schema, table). Logs rules that match nothing. Throws Error(no_table_matches) when there is none at all,
/// unless that is allowed.
std::vector<std::pair<std::string, std::string>> find_tables(mysql::Connection& connection, const CaptureOptions& options);

}  // namespace cdc::capture
