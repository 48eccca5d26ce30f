#include "cdc/snapshot/equal_views.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "engines.h"
#include "views_state.h"

namespace cdc::snapshot {
namespace {

constexpr std::uint32_t attempts_max = 50;
constexpr std::chrono::seconds lock_wait_max{30};

std::vector<mysql::Connection> connect(const mysql::Endpoint& endpoint, std::size_t count, const std::stop_token& stop) {
  std::vector<mysql::Connection> out;
  for (std::size_t i = 0; i < count; ++i) {
    mysql::Connection& connection = out.emplace_back(endpoint, stop);
    connection.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    connection.query(lock_wait_statement(lock_wait_max));
  }
  return out;
}

/// Ends the views before.
void open_all(std::vector<mysql::Connection>& connections) {
  std::deque<mysql::ScriptScope> scopes;
  for (mysql::Connection& connection : connections) scopes.emplace_back(connection);
  for (mysql::Connection& connection : connections) connection.send("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY; SHOW WARNINGS");
  for (mysql::Connection& connection : connections) {
    const std::vector<mysql::Rows> answers = connection.finish();
    if (answers.size() == 2 && answers[1].empty()) continue;
    throw Error{ErrorCode::snapshot_point, Remedy::operate, "the server opened no consistent view",
                "leave transaction_isolation of this account's sessions alone: no init_connect that changes it, no proxy between"};
  }
}

bool all_equal(std::vector<mysql::Connection>& connections, const std::string& question) {
  std::vector<mysql::Rows> answers;
  for (mysql::Connection& connection : connections) {
    connection.send(question);
    answers.push_back(connection.finish().front());
  }
  return std::all_of(answers.begin(), answers.end(), [&](const mysql::Rows& answer) { return answer == answers.front(); });
}

void require_covered(const mysql::Endpoint& endpoint, const EqualViewOptions& options, const std::stop_token& stop) {
  mysql::Connection control{endpoint, stop};
  const auto uncovered = uncovered_tables(control, options.tables);
  if (!uncovered.empty()) throw uncovered_error(uncovered);
}

}  // namespace

Views open_equal_views(const mysql::Endpoint& endpoint, std::size_t count, const EqualViewOptions& options, const std::stop_token& stop) {
  require_covered(endpoint, options, stop);
  auto state = std::make_unique<Views::State>();
  state->method = Method::server_snapshot;
  state->connections = connect(endpoint, std::max<std::size_t>(1, count), stop);
  if (options.before_opening) options.before_opening();
  do {
    if (state->attempts == attempts_max) state->connections.erase(state->connections.begin() + 1, state->connections.end());
    ++state->attempts;
    open_all(state->connections);
  } while (!all_equal(state->connections, options.question));
  log(LogLevel::info, fmt::format("snapshot: views={} tries={}", state->connections.size(), state->attempts));
  return Views{std::move(state)};
}

}  // namespace cdc::snapshot
