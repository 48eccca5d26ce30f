#pragma once

/// Event 42 in MySQL's self-describing serialization.

#include "cdc/binlog/gtid_events.h"

namespace cdc::binlog {

/// `r` spans the whole body; `r.failed()` when malformed or when it holds a field that must not be ignored.
void parse_tagged(Reader& r, MysqlGtidEvent& out) noexcept;

}  // namespace cdc::binlog
