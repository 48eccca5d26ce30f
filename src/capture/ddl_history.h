#pragma once

/// Where the log last changed each table's shape: the guard that keeps today's names off yesterday's rows.
///
/// Needed only for table maps with minimal metadata. CREATE_TIME alone is not enough: MySQL's RENAME TABLE
/// leaves it as it was. So the query events between the point where decoding starts and the log's end are
/// skimmed for DDL (one extra pass over that part of the log, on its own link, nothing decoded).

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "cdc/mysql/endpoint.h"
#include "server_facts.h"

namespace cdc::capture {

/// A place in the log. Files of one log order by their numeric suffix.
struct LogPlace {
  std::string file;
  std::uint64_t at = 0;
  bool operator==(const LogPlace&) const = default;
};
/// Numeric suffix first (binlog.999999 < binlog.1000000), then offset.
bool before(const LogPlace& a, const LogPlace& b) noexcept;

class DdlHistory {
 public:
  /// Remembers DDL at `place` that names `schema`.`table` (either side of a rename; CREATE, ALTER, DROP, …).
  void add(std::string_view schema, std::string_view table, const LogPlace& place);
  /// DDL that may touch any table (DROP DATABASE of the schema, or text that the tokenizer cannot follow).
  void add_schema(std::string_view schema, const LogPlace& place);
  /// Whether any DDL on the table lies after `place`.
  bool changed_after(std::string_view schema, std::string_view table, const LogPlace& place) const;

 private:
  std::map<std::pair<std::string, std::string>, LogPlace> last_;  ///< Empty table name = the whole schema.
};

/// Adds what a statement of a query event names to `history`. No grammar: see binlog/statement.h.
void add_statement(DdlHistory& history, std::string_view sql, std::string_view default_schema, const LogPlace& place);

/// Reads [from, until) on a link of its own with a non-blocking dump. Throws Error.
void skim(DdlHistory& history, const mysql::Endpoint& endpoint, const ServerFacts& facts, std::uint32_t server_id, const LogPlace& from,
          const LogPlace& until, std::stop_token stop);

}  // namespace cdc::capture
