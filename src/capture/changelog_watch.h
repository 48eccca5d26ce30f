#pragma once

/// Notices changes that pass by the triggers: TRUNCATE, a partition that was dropped, emptied or exchanged, a cascade, an import.
///
/// Of each table the last row that was delivered as there is looked for, now and then: it must be in the table, or an entry behind it
/// must have taken it away. Both are asked by one statement, so of one view. A row that went otherwise went without a trigger. And a
/// table whose AUTO_INCREMENT went back was truncated, where no such row is known.
///
/// It finds what took the rows that it looks for; a partition that held none of them is not missed.

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "cdc/catalog/changelog.h"
#include "cdc/config/settings.h"
#include "cdc/mysql/connection.h"
#include "changelog_batch.h"

namespace cdc::capture {

class ChangelogWatch {
 public:
  /// Borrowed.
  ChangelogWatch(const catalog::ChangelogNames& names, config::Policy policy) noexcept : names_{names}, policy_{policy} {}

  /// A row that an entry shows as there.
  void saw(const ChangelogEntry& entry, const ChangelogTable& table) {
    if (entry.op == 'D') return;
    Seen& seen = seen_[entry.tid];
    seen.id = entry.id;
    seen.table = &table;
  }
  /// Throws Error(changelog_bypass), or logs it, by policy.
  void check(mysql::Connection& connection);

 private:
  struct Seen {
    std::uint64_t id = 0;  ///< Of the entry; 0: none.
    const ChangelogTable* table = nullptr;
    std::string statement;  ///< But for the id; made for `made_for`.
    const ChangelogTable* made_for = nullptr;
  };
  bool is_gone(mysql::Connection& connection, std::uint32_t tid, Seen& seen) const;
  void check_counters(mysql::Connection& connection);
  void report(const std::string& table, std::string_view how) const;

  const catalog::ChangelogNames& names_;
  const config::Policy policy_;
  std::map<std::uint32_t, Seen> seen_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> counters_;
};

}  // namespace cdc::capture
