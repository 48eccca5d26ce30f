#pragma once

/// A piece of the changelog, fetched and not decoded yet: headers in order, and the rows of each table beside them.
///
/// The log's rows never change once they are committed, and a header's payload was committed before it. So the pieces need no view
/// in common; rows that are missing were purged, or damaged.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cdc/mysql/connection.h"
#include "changelog_tables.h"
#include "kept_rows.h"

namespace cdc::capture {

struct ChangelogEntry {
  std::uint64_t seq = 0, id = 0;
  std::uint32_t tid = 0;
  char op = 0;
  std::uint64_t at_us = 0;  ///< Unix time of the statement; 0 unknown.
};

class ChangelogBatch {
 public:
  /// Rows that are asked for at once; between batches it follows their size.
  static constexpr std::size_t entries_max = 4'096;

  /// The entries behind `after_seq`, as many as fit. Throws Error; `take_too_large` tells that it may be tried again at once.
  void read_log(mysql::Connection& connection, const catalog::ChangelogNames& names, ChangelogTables& tables, std::uint64_t after_seq);
  /// The rows of the inbox with an id behind `after_id`, which get no number: `seq` is 0. In one view with what else is read.
  void read_inbox(mysql::Connection& connection, const catalog::ChangelogNames& names, ChangelogTables& tables, std::uint64_t after_id);

  bool empty() const noexcept { return entries_.empty(); }
  /// There may be more behind.
  bool full() const noexcept { return full_; }
  std::uint64_t last_seq() const noexcept { return entries_.back().seq; }
  std::uint64_t last_id() const noexcept { return entries_.back().id; }
  /// Whether the last error only says that rows did not fit: the connection is closed, and the next batch will be smaller.
  bool take_too_large() noexcept { return std::exchange(too_large_, false); }

  /// `each(entry, table, row)` of every entry that has a table; the row has the old values, then the new ones.
  template <class Each>
  void for_each(Each&& each) {
    for (const ChangelogEntry& entry : entries_) {
      Part& part = part_of(entry.tid);
      if (part.table != nullptr) each(entry, *part.table, part.rows.next());
    }
  }

 private:
  struct Part {
    std::uint32_t tid = 0;
    const ChangelogTable* table = nullptr;
    std::size_t entries = 0;
    KeptRows rows;
  };
  struct Origin {
    std::string table;     ///< Quoted.
    std::string_view key;  ///< seq or id.
    std::string_view seq;  ///< Expression of an entry's number.
    std::uint64_t after = 0;
  };

  void read(mysql::Connection& connection, const catalog::ChangelogNames& names, ChangelogTables& tables, const Origin& from);
  void read_headers(mysql::Connection& connection, const Origin& from);
  void read_rows(mysql::Connection& connection, const catalog::ChangelogNames& names, const Origin& from, Part& part);
  void keep(Part& part, mysql::PackedRow row);
  void adapt();
  Part& part_of(std::uint32_t tid);

  std::vector<ChangelogEntry> entries_;
  std::vector<Part> parts_;
  std::size_t limit_ = 256, bytes_ = 0;
  std::size_t last_part_ = 0;
  bool full_ = false, too_large_ = false;
};

}  // namespace cdc::capture
