#pragma once

/// Names for table maps with minimal metadata, from information_schema, or a refusal: never a guess.
///
/// Why the names are right. A table's columns are loaded, and only then the log's end L is read. They are used for a
/// row at place p when no DDL on the table lies between p and L: the stretch (p, L] is skimmed for DDL on a link of
/// its own when p < L, and what the stream itself passed covers (L, p]. DDL that was not logged
/// (sql_log_bin=0) gives the table another id in the log, on which its columns are loaded again, and shows in
/// CREATE_TIME: a row committed at or before it is refused, unless logged DDL that this stream has passed, or the
/// state of the server when the stream began, explains that time. Beyond both, every map's column count and types are
/// compared with the catalog's.
///
/// What would be refused is used with one warning a table where the policy says so; maps whose counts or types differ never are.
///
/// Versions that an earlier run kept are asked before the catalog: table_versions.h says why they fit.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>

#include "cdc/config/settings.h"
#include "cdc/mysql/connection.h"
#include "schema_provider.h"
#include "server_facts.h"
#include "table_versions.h"

namespace cdc::capture {

class LiveSchemas final : public SchemaProvider {
 public:
  /// `endpoint`, `facts` and `versions`, which may be null, are borrowed. `began_at_s`: the server's clock when `began` was the log's end.
  LiveSchemas(const mysql::Endpoint& endpoint, const ServerFacts& facts, LogPlace began, std::int64_t began_at_s, TableVersions* versions,
              config::Policy drift, std::stop_token stop);

  const catalog::CatalogTable* find(const binlog::TableMap& map, const RowTime& when) override;
  const catalog::CatalogTable* now(const binlog::TableMap& map) override;
  void on_statement(const StatementText& statement, const RowTime& when) override;

 private:
  using Name = std::pair<std::string, std::string>;
  struct Entry {
    catalog::CatalogTable table;
    LogPlace loaded_at;          ///< The log's end after loading.
    std::uint64_t table_id = 0;  ///< Of the map that it was loaded for.
  };
  struct SeenDdl {
    LogPlace place;
    std::int64_t first_s, last_s;  ///< When it may have set CREATE_TIME.
  };

  bool still_right(const Name& name, const Entry& entry, const LogPlace& row) const;
  Entry load(const Name& name);
  void skim_until(const LogPlace& row, const LogPlace& end);
  void report_drift(const Name& name, std::string_view why);
  bool is_older(const Name& name, const Entry& entry, const RowTime& when) const;
  std::string process_now();
  const catalog::CatalogTable* recall(const binlog::TableMap& map, const LogPlace& row);
  void remember(const binlog::TableMap& map, const LogPlace& row, const catalog::CatalogTable& table);
  template <class Use>
  void with_connection(Use&& use);

  const mysql::Endpoint& endpoint_;
  const ServerFacts& facts_;
  const LogPlace began_;
  const std::int64_t began_at_s_;
  const config::Policy drift_;
  const std::stop_token stop_;
  std::set<Name> drifted_;  ///< Warned of.
  std::optional<mysql::Connection> connection_;
  DdlHistory history_;
  LogPlace skimmed_from_, skimmed_until_;
  std::map<Name, Entry> entries_;
  std::optional<catalog::CatalogTable> now_;
  std::map<Name, SeenDdl> seen_;
  TableVersions* const versions_;
  std::string process_;    ///< The server's run when names were last loaded.
  LogPlace process_from_;  ///< It wrote every row from here on that it wrote by then.
};

}  // namespace cdc::capture
