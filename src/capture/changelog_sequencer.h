#pragma once

/// Moves what is committed from the changelog's inbox to its log, under dense numbers: the inbox is what has no number yet.
///
/// Why it loses nothing, doubles nothing and keeps the order of each row:
///
/// A header leaves the inbox only in the transaction that writes it to the log, and every round begins at the inbox' first row. So ids
/// that become visible late, ids that are missing, restarts and rolled-back rounds mean nothing: nobody ever concludes from an id that is
/// not there.
///
/// The lock on the one row of `_cdc_meta` lets one sequencer work at a time, whoever it is; the server gives it on when a connection
/// dies. The number of rows deleted is compared with the number inserted before anything is committed.
///
/// The inbox is read by one statement that locks nothing, after the lock was got: one view. Of two changes of one row, the second one's
/// trigger ran while its transaction held the row's lock, which it got after the first one's transaction was committed: its id is higher,
/// and a view that shows it shows the first one too. Ordered by id and cut at the end only, no round logs the second before the first. The
/// same holds between tables for whatever a transaction wrote after it could see another's rows.
///
/// The delete goes through the log's numbers to single rows of the inbox. A range or a list of ids would be a scan, which waits for rows of
/// open transactions and may delete what the view has not seen.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cdc/catalog/changelog.h"
#include "cdc/mysql/connection.h"

namespace cdc::capture {

/// The lock on `_cdc_meta`, in a transaction of its own that ends with `commit`, or is rolled back.
class ChangelogLock {
 public:
  /// Waits for another holder. Throws Error.
  ChangelogLock(mysql::Connection& connection, const catalog::ChangelogNames& names);
  ~ChangelogLock();
  ChangelogLock(const ChangelogLock&) = delete;
  ChangelogLock& operator=(const ChangelogLock&) = delete;

  std::uint64_t next_seq() const noexcept { return next_seq_; }
  const std::string& epoch() const noexcept { return epoch_; }
  void commit();

 private:
  mysql::Connection& connection_;
  std::uint64_t next_seq_ = 0;
  std::string epoch_;
  bool committed_ = false;
};

/// As it stands in the inbox.
struct InboxRow {
  std::uint64_t id = 0;
  std::uint32_t tid = 0;
  char op = 0;
  std::optional<std::string> ts;
};
/// The first `limit` committed rows of the inbox, by one statement; in the order of their ids. Throws Error(changelog_layout).
std::vector<InboxRow> read_inbox(mysql::Connection& connection, const catalog::ChangelogNames& names, std::size_t limit);

/// One round in a transaction of its own; how many rows were moved. `connection` is set up by set_up_session.
std::size_t sequence_round(mysql::Connection& connection, const catalog::ChangelogNames& names, std::size_t limit);
/// Under a lock: exactly these rows get the next numbers. Returns the next number after them. Throws Error(changelog_layout) when the inbox
/// does not have them.
std::uint64_t sequence_rows(mysql::Connection& connection, const catalog::ChangelogNames& names, std::uint64_t next_seq,
                            const std::vector<InboxRow>& rows);

}  // namespace cdc::capture
