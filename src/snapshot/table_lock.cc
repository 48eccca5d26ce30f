#include "table_lock.h"

#include <fmt/format.h>

#include "cdc/base/error.h"

namespace cdc::snapshot {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds look_every{50};

/// A connection that a later stop does not cut: what waits on it is ended by KILL, which the server sees at once.
mysql::Connection connect_for_lock(const mysql::Endpoint& endpoint, const std::stop_token& stop) {
  std::stop_source only_now;
  const std::stop_callback relay{stop, [&] { only_now.request_stop(); }};
  return mysql::Connection{endpoint, only_now.get_token()};
}

Error not_granted(milliseconds limit) {
  return Error{ErrorCode::snapshot_lock, Remedy::operate, fmt::format("the tables could not be locked within {} ms", limit.count()),
               "look for transactions that are open long (SHOW PROCESSLIST), give a longer snapshot.lockTimeout, or make the lock "
               "needless: InnoDB tables and, on MySQL, GRANT BACKUP_ADMIN"};
}

Error wait_stopped() { return Error{ErrorCode::connection_lost, Remedy::retry, "waiting for a table lock: stopped on request"}; }

}  // namespace

std::string lock_statement(std::span<const TableName> tables) {
  std::string out = "LOCK TABLES ";
  for (const TableName& name : tables) {
    if (&name != &tables.front()) out += ", ";
    out += fmt::format("{}.{} READ", mysql::quote_name(name.schema), mysql::quote_name(name.table));
  }
  return out;
}

std::string lock_wait_statement(milliseconds limit) {
  return fmt::format("SET SESSION lock_wait_timeout = {}", std::chrono::ceil<std::chrono::seconds>(limit).count());
}

TableLock::TableLock(const mysql::Endpoint& endpoint, std::span<const TableName> tables, milliseconds limit, const std::stop_token& stop)
    : connection_{connect_for_lock(endpoint, stop)} {
  mysql::Connection killer = connect_for_lock(endpoint, stop);  // before there is a wait to be ended
  if (stop.stop_requested()) throw wait_stopped();              // It may have cut either of them.
  connection_.query(lock_wait_statement(limit));
  const std::string statement = lock_statement(tables);
  try {
    connection_.send(statement);
    wait(killer, limit, stop);
    connection_.finish();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::query_failed && error.remedy() == Remedy::retry) throw not_granted(limit);
    if (error.code() != ErrorCode::privilege_missing) throw;
    const auto account = mysql::quote_account(mysql::Connection{endpoint, stop}.query_value("SELECT CURRENT_USER()").value_or("@"));
    throw Error{error.code(), Remedy::operate, std::string{error.message()},
                fmt::format("GRANT SELECT, LOCK TABLES ON *.* TO {}", account)};
  }
}

void TableLock::wait(mysql::Connection& killer, milliseconds limit, const std::stop_token& stop) {
  const auto end = Clock::now() + limit - look_every;
  while (!connection_.answered(look_every)) {
    const bool stopped = stop.stop_requested();
    if (!stopped && Clock::now() < end) continue;
    killer.query(fmt::format("KILL {}", connection_.thread_id()));
    if (!stopped) throw not_granted(limit);
    throw wait_stopped();
  }
}

void TableLock::release() { connection_.query("UNLOCK TABLES"); }

}  // namespace cdc::snapshot
