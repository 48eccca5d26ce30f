#pragma once

/// QUERY (2) and MariaDB's QUERY_COMPRESSED (165): a statement, or BEGIN and COMMIT. EXECUTE_LOAD_QUERY (18): a LOAD DATA.

#include <cstdint>
#include <span>
#include <string_view>

#include "cdc/base/reader.h"
#include "cdc/binlog/event.h"
#include "cdc/binlog/inflater.h"
#include "cdc/binlog/sql_tokens.h"

namespace cdc::binlog {

/// What we use of the status variables before the statement.
struct QueryStatus {
  std::uint64_t sql_mode = 0;
  std::uint16_t client_collation = 0;  ///< Number of the statement's collation; 0 = not told.
  std::uint64_t ddl_xid = 0;           ///< Of atomic DDL; 0 = not told.
  bool complete = true;                ///< False: an unknown or cut variable ended the walk.

  SqlDialect dialect() const noexcept;
};

/// Views live as long as the event's bytes; an inflated `sql` until the Inflater's next call.
struct QueryEvent {
  std::uint32_t thread_id = 0;
  std::uint32_t execution_s = 0;
  std::uint16_t error_code = 0;  ///< Of the statement on the server; 0 = done.
  std::string_view schema;       ///< Default schema; empty = none.
  std::string_view sql;          ///< In the client's charset.

  /// `body` is the event's (event_body). False when malformed, or when a compressed statement cannot be unfolded.
  static bool parse(EventType type, Reader body, Inflater& inflater, QueryEvent& out);
  /// Walks the status variables: for statements that are looked at closely.
  QueryStatus status() const noexcept;

  std::span<const std::byte> status_variables;
};

}  // namespace cdc::binlog
