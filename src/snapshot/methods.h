#pragma once

/// How a view is opened and its point learnt, as statements and what their answers mean. No connection here but for the abilities.

#include <optional>
#include <string>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/mysql/connection.h"
#include "cdc/snapshot/views.h"

namespace cdc::snapshot {

/// What decides which methods there are.
struct Abilities {
  mysql::ServerVersion version;
  bool gtid = false;        ///< MySQL with gtid_mode=ON.
  bool log_status = false;  ///< MySQL: the account may read performance_schema.log_status.
  /// MySQL with binlog_order_commits=ON. Without, a commit is over for log_status a moment before its GTID is in gtid_executed.
  bool ordered_commits = true;
  std::string account;  ///< CURRENT_USER(), for the statements of cures.
};
/// Throws Error(binlog_disabled).
Abilities read_abilities(mysql::Connection& connection);

/// The exact one that needs no lock; nullopt: there is none.
std::optional<Method> lock_free_method(const Abilities& abilities) noexcept;

/// Says what is missing for an exact point without lock, with the GRANT for this account.
Error no_method_error(const Abilities& abilities);
/// What is said when no quiet moment came.
Error unsettled_error(Method method, const Abilities& abilities, std::uint32_t attempts, std::chrono::milliseconds took);

/// What the answer to a statement of a script is good for.
enum class Step : std::uint8_t {
  point_before,  ///< Must be as point_after.
  in_flight,     ///< Must say that no transaction is between log and commit.
  open,          ///< Begins the view.
  warnings,      ///< Must be empty.
  point_after,
};
struct Statement {
  Step step;
  std::string_view sql;
};
/// What opens one view, in order. table_lock has no point in it: that is read by `locked_point`.
std::vector<Statement> script_of(Method method, const Abilities& abilities);
/// As one packet.
std::string packet_of(const std::vector<Statement>& script);

/// One view, opened.
struct Opening {
  StreamPoint point;
  bool exact = false;  ///< At `point`; else nothing is known of it.
};
/// `answers`: one for each statement. Throws Error(snapshot_point) for a warning and for an answer that is none, binlog_disabled.
Opening judge(Method method, const std::vector<Statement>& script, const std::vector<mysql::Rows>& answers);

/// While the tables are locked.
StreamPoint locked_point(mysql::Connection& connection, const Abilities& abilities);

}  // namespace cdc::snapshot
