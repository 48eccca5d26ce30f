#include "cdc/snapshot/views.h"

#include <fmt/format.h>

#include <deque>
#include <set>

#include "cdc/base/log.h"
#include "engines.h"
#include "methods.h"
#include "settle.h"
#include "table_lock.h"
#include "views_state.h"

namespace cdc::snapshot {

namespace {

/// Everything that one call of open_views holds on to.
class Opener {
 public:
  Opener(const mysql::Endpoint& endpoint, const ViewOptions& options, const std::stop_token& stop)
      : endpoint_{endpoint}, options_{options}, stop_{stop}, control_{endpoint, stop}, abilities_{read_abilities(control_)} {}

  std::unique_ptr<Views::State> open(std::size_t count) {
    lock_uncovered();
    const auto method = lock_free_method(abilities_);
    if (!method && !options_.brief_lock) throw no_method_error(abilities_);
    connect(count);
    if (!method || !open_settled(*method)) open_locked();
    settle_gtid();
    return std::move(state_);
  }

 private:
  void lock_uncovered() {
    const auto uncovered = uncovered_tables(control_, options_.tables);
    if (uncovered.empty()) return;
    if (!options_.brief_lock) throw uncovered_error(uncovered);
    for (const UncoveredTable& one : uncovered) state_->locked_tables.push_back(one.name);
    state_->lock = std::make_unique<TableLock>(endpoint_, state_->locked_tables, options_.lock_timeout, stop_);
  }

  void connect(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      mysql::Connection& connection = state_->connections.emplace_back(endpoint_, stop_);
      connection.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      connection.query(lock_wait_statement(options_.lock_timeout));
    }
  }

  std::vector<Opening> open_all(Method method, const std::vector<Statement>& script, const std::string& packet) {
    for (mysql::Connection& connection : state_->connections) connection.send(packet);
    std::vector<Opening> out;
    for (mysql::Connection& connection : state_->connections) out.push_back(judge(method, script, connection.finish()));
    return out;
  }

  /// False: no quiet moment, and a lock is allowed.
  bool open_settled(Method method) {
    const auto script = script_of(method, abilities_);
    const std::string packet = packet_of(script);
    std::deque<mysql::ScriptScope> scopes;
    for (mysql::Connection& connection : state_->connections) scopes.emplace_back(connection);
    const Settled settled = settle([&] { return open_all(method, script, packet); }, options_.limits, stop_);
    state_->attempts = settled.attempts;
    if (!settled.point && !options_.brief_lock) throw unsettled_error(method, abilities_, settled.attempts, settled.took);
    if (!settled.point) return false;
    state_->point = *settled.point;
    state_->method = method;
    return true;
  }

  /// Under a lock of the tables that are not locked anyway.
  void open_locked() {
    const std::set<TableName> held{state_->locked_tables.begin(), state_->locked_tables.end()};
    std::vector<TableName> rest;
    for (const TableName& name : options_.tables)
      if (!held.contains(name)) rest.push_back(name);
    std::optional<TableLock> lock;
    if (!rest.empty()) lock.emplace(endpoint_, rest, options_.lock_timeout, stop_);
    const auto script = script_of(Method::table_lock, abilities_);
    for (mysql::Connection& connection : state_->connections) {
      const mysql::ScriptScope scope{connection};
      connection.send(packet_of(script));
      judge(Method::table_lock, script, connection.finish());
    }
    state_->point = locked_point(control_, abilities_);
    state_->method = Method::table_lock;
    ++state_->attempts;
    if (lock) lock->release();
  }

  /// MySQL names a set even where not every transaction has a GTID; MariaDB tells the place alone.
  void settle_gtid() {
    StreamPoint& point = state_->point;
    if (abilities_.version.flavor == mysql::Flavor::mysql) {
      if (!abilities_.gtid) point.gtid.clear();
      return;
    }
    const auto sql = fmt::format("SELECT BINLOG_GTID_POS({}, {})", control_.quote(point.file), point.at);
    point.gtid = control_.query_value(sql).value_or("");
  }

  const mysql::Endpoint& endpoint_;
  const ViewOptions& options_;
  const std::stop_token& stop_;
  mysql::Connection control_;
  Abilities abilities_;
  std::unique_ptr<Views::State> state_ = std::make_unique<Views::State>();
};

std::string text_of(const StreamPoint& point) { return point.file.empty() ? point.gtid : fmt::format("{}:{}", point.file, point.at); }

}  // namespace

Views::Views(std::unique_ptr<State> state) noexcept : state_{std::move(state)} {}
Views::Views(Views&&) noexcept = default;
Views& Views::operator=(Views&&) noexcept = default;
Views::~Views() = default;

std::size_t Views::count() const noexcept { return state_->connections.size(); }
mysql::Connection& Views::connection(std::size_t index) noexcept { return state_->connections[index]; }
const StreamPoint& Views::point() const noexcept { return state_->point; }
Method Views::method() const noexcept { return state_->method; }
std::uint32_t Views::attempts() const noexcept { return state_->attempts; }
const std::vector<TableName>& Views::locked_tables() const noexcept { return state_->locked_tables; }

void Views::release_lock() {
  if (!state_->lock) return;
  state_->lock->release();
  state_->lock.reset();
  state_->locked_tables.clear();
}

Views open_views(const mysql::Endpoint& endpoint, std::size_t count, const ViewOptions& options, const std::stop_token& stop) {
  if (count == 0 || count > views_max)
    throw Error{ErrorCode::setting_invalid, Remedy::operate, fmt::format("{} views are asked for; 1 to {} can be had", count, views_max)};
  const auto began = std::chrono::steady_clock::now();
  Views views{Opener{endpoint, options, stop}.open(count)};
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  log(LogLevel::info, fmt::format("snapshot: views={} point={} by=\"{}\" tries={} took={}ms", count, text_of(views.point()),
                                  name_of(views.method()), views.attempts(), took.count()));
  return views;
}

}  // namespace cdc::snapshot
