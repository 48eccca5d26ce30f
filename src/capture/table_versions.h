#pragma once

/// Table versions that outlive a run (`stateDir`): so that rows logged before an ALTER can be named after a restart.
///
/// Why the names are right. A server gives every opened table definition an id that no other definition gets for as long as the server
/// runs, logged DDL or not; a definition never changes under its id. So rows of one run of the server and one id have the same names. A
/// version is kept only when LiveSchemas found it right for a row that this run of the server wrote, and is used only for a row of the same
/// table and id that the same run wrote: the row lies behind the version's first row in the log (or in the same file of it: a server's
/// start begins a new one), and the server that runs now, asked after the row came, is still that run. Beyond that, the maps must say the
/// same of their columns. A table that was closed in between (FLUSH, a restart, eviction from the server's cache) has another id: then
/// LiveSchemas decides as it does without versions.
///
/// One file a table, of one run of the server: with the next run its versions are of no use. Losing files costs nothing but the names.

#include <map>
#include <string>
#include <utility>

#include "state_folder.h"
#include "table_version.h"

namespace cdc::capture {

/// Whether `row` lies at or behind `from`, or in the same file: then a run of a server that wrote the row at `from` and goes on wrote it.
bool same_run_reaches(const LogPlace& from, const LogPlace& row);

class TableVersions {
 public:
  explicit TableVersions(StateFolder folder) : folder_{std::move(folder)} {}

  struct Found {
    const std::string& process;  ///< Must be the server's run now, else the version means nothing.
    const catalog::CatalogTable& table;
  };
  /// The version of `server`'s table that `map` at `row` may be of. Valid until the next call.
  std::optional<Found> find(const std::string& server, const binlog::TableMap& map, const LogPlace& row);
  /// Whether `keep` would write; then the caller makes sure that `table` is right for a row of `process` at `row`.
  bool wants(const std::string& server, const std::string& process, const binlog::TableMap& map);
  void keep(const std::string& server, const std::string& process, const binlog::TableMap& map, const LogPlace& row,
            const catalog::CatalogTable& table);

 private:
  struct Entry {
    std::string file_name;
    TableVersionFile kept;
    bool writable = false;
  };
  Entry& entry_of(const std::string& server, const binlog::TableMap& map);

  StateFolder folder_;
  std::map<std::string, Entry> entries_;  ///< By file name.
};

}  // namespace cdc::capture
