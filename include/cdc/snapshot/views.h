#pragma once

/// The snapshot's ground: several connections that all see the tables as they were at one known point of the binlog.
///
/// A view is a transaction opened by START TRANSACTION WITH CONSISTENT SNAPSHOT in REPEATABLE READ, which is forced whatever the server's
/// default: under READ COMMITTED the server would open none and only warn. It is exact at a point when it shows every transaction before
/// the point and no other. Two facts carry the argument, for both servers: a transaction is written to the binlog before the storage
/// engine commits it, and a view shows what the engine had committed when the view was opened. So a view can be behind the log's end (by
/// transactions that are logged and not committed yet), and is never ahead of it.
///
/// server_snapshot, MariaDB: the server opens the view in all engines, the binlog among them, while no commit can pass, and keeps the
/// log's place of that moment for the session: binlog_snapshot_file and _position. Exact at the first try.
///
/// log_status, MySQL with BACKUP_ADMIN, with GTIDs or without: performance_schema.log_status reads the log's end while nothing can be
/// written to the log, and (seen with 9.7) only once all that was written is committed. It is read before and after the view is opened.
/// Everything before the first end is committed, hence in the view. When the second end is the same, nothing was written between them,
/// so nothing else was committed either: the view is exact there. Of servers before 9.7 it is not known that they wait for the commits;
/// with them it is also asked, after the first reading and before the view, whether any transaction is between log and commit: a
/// transaction owns its GTID (or counts as an ongoing anonymous one) from before it is written until after it is committed. The GTIDs are
/// asked too where binlog_order_commits=OFF: there a commit can be over for log_status and not yet be in the set that it tells.
///
/// executed_set, MySQL with GTIDs, without privileges: gtid_executed is read before and after. A transaction enters it after it was
/// committed, so the first set is in the view, never ahead of it. But it may be committed and seen before it enters, which is how equal
/// sets alone can be wrong (measured: 6 of 216). While it is logged and not in the set, it is in gtid_owned, and it moves from one to
/// the other in one step. So after the view was opened gtid_owned is read and must be empty, and gtid_executed after that: whatever the
/// view shows has left gtid_owned, is in the second set, and when both sets are equal, in the first. The view is exact at that set.
///
/// table_lock, where there is neither, and where the others found no quiet moment, if the user allows it: LOCK TABLES … READ is granted
/// when no open transaction has changed these tables, and holds off those that want to. Such a transaction keeps its claim on a table until
/// it is logged, committed and in gtid_executed. So while the lock is held, the log's end and gtid_executed may move on by transactions of
/// other tables only, and any reading of them is exact for the locked ones.
///
/// All views are opened at once, each by one packet that holds all statements, so that the distance to the server does not matter. They
/// are taken only when each is exact and all name the same point; else all are opened again, with pauses, until a limit.
///
/// What a read view does not cover is a table of an engine without transactions (MyISAM, Aria, MEMORY): refused, or locked until it was
/// read. XA transactions that are prepared before the point and committed behind it are in no view; the stream stops at their XA COMMIT.

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/mysql/connection.h"

namespace cdc::snapshot {

/// What gave the point.
enum class Method : std::uint8_t { server_snapshot, log_status, executed_set, table_lock };
std::string_view name_of(Method method) noexcept;

/// A point of the binlog: exactly the transactions before it are visible in the views.
struct StreamPoint {
  std::string gtid;      ///< What was executed before it, without blanks: MySQL a set, MariaDB a position. Empty: none, or no GTIDs.
  std::string file;      ///< Empty when only the GTID set is known (executed_set).
  std::uint64_t at = 0;  ///< Offset in `file` where the next transaction begins, in bytes.

  bool operator==(const StreamPoint&) const = default;
};

struct TableName {
  std::string schema, table;

  auto operator<=>(const TableName&) const = default;
};

/// How long the views are opened anew until they agree. The first limit that is reached ends it.
struct SettleLimits {
  std::uint32_t attempts_max = 5'000;
  std::chrono::milliseconds time_max{30'000};
};

struct ViewOptions {
  std::vector<TableName> tables;  ///< What will be read, as the server spells it.
  bool brief_lock = false;        ///< snapshot.lock=brief: tables may be locked where nothing else is exact.
  std::chrono::milliseconds lock_timeout{
      5'000};  ///< snapshot.lockTimeout: the longest wait for a lock, the views' own statements included.
  SettleLimits limits;
};

class TableLock;

/// Connections with an open view each. However they go, the server ends the transactions with the connections.
class Views {
 public:
  struct State;
  explicit Views(std::unique_ptr<State> state) noexcept;
  Views(Views&&) noexcept;
  Views& operator=(Views&&) noexcept;
  ~Views();

  std::size_t count() const noexcept;
  /// Each may be used by a thread of its own. It reads only; COMMIT, or any statement that implies one, would end the view.
  mysql::Connection& connection(std::size_t index) noexcept;
  const StreamPoint& point() const noexcept;
  Method method() const noexcept;
  std::uint32_t attempts() const noexcept;  ///< How often they were opened.

  /// The tables that no view covers and that are therefore locked against writing until `release_lock`: to be read first. Sorted.
  const std::vector<TableName>& locked_tables() const noexcept;
  void release_lock();

 private:
  std::unique_ptr<State> state_;
};

inline constexpr std::size_t views_max = 64;

/// Opens `count` views (1 to views_max), all exact at one point. Whatever it waits for ends when `stop` is requested, within 100 ms, and so
/// do later statements on the connections. On any error nothing of it stays on the server. Throws Error with the cure: snapshot_point (no
/// way to an exact point), snapshot_unsettled (no quiet moment within the limits), snapshot_lock, snapshot_engine (a table that no view
/// covers), binlog_disabled, privilege_missing, and what connecting and queries throw.
Views open_views(const mysql::Endpoint& endpoint, std::size_t count, const ViewOptions& options, const std::stop_token& stop);

}  // namespace cdc::snapshot
