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

#include "cdc/binlog/sql_tokens.h"
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

/// Names are compared without regard to letter case, and whatever is not ASCII counts as one same letter: statements come in
/// the client's charset and in any case, and lower_case_table_names may fold them. So unlike names may be taken for
/// the same, never the same for unlike.
class DdlHistory {
 public:
  /// Remembers DDL at `place` that names `schema`.`table` (either side of a rename; CREATE, ALTER, DROP, …).
  void add(std::string_view schema, std::string_view table, const LogPlace& place);
  /// DDL that may touch any table of a schema; empty `schema` = any table at all.
  void add_schema(std::string_view schema, const LogPlace& place) { add(schema, {}, place); }
  /// Whether any DDL on the table lies after `place`.
  bool changed_after(std::string_view schema, std::string_view table, const LogPlace& place) const;

 private:
  using Name = std::pair<std::string, std::string>;
  bool entry_after(const Name& name, const LogPlace& place) const;

  std::map<Name, LogPlace> last_;  ///< Empty table name = the whole schema; both empty = everything.
};

/// Adds what a statement of a query event may reshape to `history`: tables, their indexes (MariaDB hides columns behind
/// some), schemas. TRUNCATE and temporary tables reshape nothing. DDL whose names cannot be told counts for its
/// whole schema.
void add_statement(DdlHistory& history, std::string_view sql, binlog::SqlDialect dialect, std::string_view default_schema,
                   const LogPlace& place);

/// Reads [from, until) on a link of its own. Throws Error; connection_lost also on a stop request, as a history with holes must not be
/// trusted.
void skim(DdlHistory& history, const mysql::Endpoint& endpoint, const ServerFacts& facts, const LogPlace& from, const LogPlace& until,
          std::stop_token stop);

}  // namespace cdc::capture
