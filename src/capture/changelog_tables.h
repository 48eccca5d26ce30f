#pragma once

/// The captured tables of a changelog by the number that entries carry, each looked up when its first entry comes, and again when its
/// definition is no longer the one that it was looked up with.
///
/// Why what is decoded is right: ALTER TABLE waits for every transaction that wrote the table, so a row that was committed when a batch was
/// fetched was captured under a definition that existed until then. If the table's definition, read after the fetch, is the one that the
/// batch is decoded by, no row of it was captured under a later one; and under an earlier one only with columns whose payload is of the
/// same type, since anything else is refused.

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "cdc/capture/binlog_source.h"
#include "cdc/catalog/changelog.h"
#include "cdc/mysql/connection.h"
#include "changelog_table.h"

namespace cdc::capture {

class ChangelogTables {
 public:
  /// Borrowed.
  ChangelogTables(const CaptureOptions& options, const catalog::ChangelogNames& names) noexcept : options_{options}, names_{names} {}

  /// Null: `tables` leaves it out. Stays until this is destroyed. Throws Error (trigger_drift, those of build_changelog_table).
  const ChangelogTable* find(mysql::Connection& connection, std::uint32_t tid);
  /// To be called after rows of these were fetched. False: a definition has changed, `find` gives another one, and they are to be fetched
  /// again.
  bool still_valid(mysql::Connection& connection, const std::vector<std::uint32_t>& tids);
  /// That every active definition still has its three triggers as they were made. Throws Error(trigger_drift); logs once where
  /// the account may not see triggers.
  void check_triggers(mysql::Connection& connection);
  /// Those that are captured now, as (schema, table).
  std::vector<std::pair<std::string, std::string>> active(mysql::Connection& connection);

 private:
  struct Known {
    catalog::RegisteredTable registered;
    const ChangelogTable* table = nullptr;  ///< Null before it was needed.
  };
  Known* known(mysql::Connection& connection, std::uint32_t tid);
  void load(mysql::Connection& connection);
  const ChangelogTable& build(mysql::Connection& connection, const catalog::RegisteredTable& registered);

  const CaptureOptions& options_;
  const catalog::ChangelogNames& names_;
  std::map<std::uint32_t, Known> known_;
  std::deque<ChangelogTable> built_;  ///< Kept to the end: sinks keep references.
  bool blind_ = false;                ///< Said that triggers cannot be seen.
};

}  // namespace cdc::capture
