#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "cdc/admin/triggers.h"
#include "cdc/base/error.h"
#include "cdc/base/wait.h"
#include "changelog_state.h"
#include "names.h"
#include "script.h"
#include "table_script.h"

namespace cdc::admin {
namespace {

constexpr std::chrono::milliseconds pause{200};

std::string grants_for(const Request& request, const std::string& account) {
  const std::string who = account.empty() ? std::string{"…"} : mysql::quote_account(account);
  const std::string schema = request.tables.empty() ? request.names.schema : request.tables.front().first;
  std::string out = fmt::format(
      "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, INDEX ON {}.* TO {}; GRANT SELECT, TRIGGER, LOCK TABLES ON {}.* TO {}",
      mysql::quote_name(request.names.schema), who, mysql::quote_name(schema), who);
  if (!request.settings.trigger.definer.empty())
    out += fmt::format(
        "; trigger.definer also takes SET_ANY_DEFINER, SET USER or SUPER, and GRANT OPTION: let an administrator run what --print prints");
  return out;
}

/// Runs statements of one step.
class Runner {
 public:
  Runner(mysql::Connection& connection, const Request& request, const Patience& patience, const std::stop_token& stop)
      : connection_{connection}, request_{request}, patience_{patience}, stop_{stop} {}

  void run(const Step& step) {
    for (const std::string& statement : split_statements(step.script)) {
      with_frame([&] { return step.title; }, [&] { run_statement(statement); });
    }
  }

 private:
  void run_statement(const std::string& statement) {
    const auto give_up = std::chrono::steady_clock::now() + patience_.limit;
    for (;;) {
      try {
        return connection_.query(statement);
      } catch (const Error& error) {
        if (error.code() == ErrorCode::privilege_missing) throw denied(error);
        if (error.code() != ErrorCode::query_failed || error.remedy() != Remedy::retry) throw;
        if (std::chrono::steady_clock::now() >= give_up || stop_.stop_requested()) throw locked(error);
      }
      wait_for(pause, stop_);
    }
  }

  Error denied(const Error& error) {
    std::string account;
    try {
      account = connection_.query_value("SELECT CURRENT_USER()").value_or("");
    } catch (const Error&) {  // then without the name
    }
    return {ErrorCode::privilege_missing, Remedy::operate, std::string{error.message()}, grants_for(request_, account)};
  }

  Error locked(const Error& error) const {
    return {
        ErrorCode::trigger_lock, Remedy::operate,
        fmt::format("not free within {} s, in attempts of {} s: {}", patience_.limit.count(), request_.lock_wait.count(), error.message()),
        "end transactions that are open on the table: SHOW FULL PROCESSLIST; then run it again, it goes on where it was"};
  }

  mysql::Connection& connection_;
  const Request& request_;
  const Patience& patience_;
  const std::stop_token& stop_;
};

[[noreturn]] void not_as_planned(const std::string& name, std::string_view what) {
  throw Error{ErrorCode::trigger_drift, Remedy::operate, fmt::format("{}: {}", name, what),
              "run it again; is somebody else changing the table?"};
}

}  // namespace

void lock_installation(mysql::Connection& connection, const catalog::ChangelogNames& names) {
  const auto got = connection.query_value(
      fmt::format("SELECT GET_LOCK(SHA2(CONCAT('mysql-cdc triggers ', {}), 256), 0)", connection.quote(names.schema + '.' + names.prefix)));
  if (got == "1") return;
  throw Error{ErrorCode::trigger_lock, Remedy::operate, fmt::format("another installer is at work on the changelog in {}", names.schema),
              "let it end, then run this again"};
}

void apply_plan(mysql::Connection& connection, const Plan& plan, const Request& request, const Patience& patience,
                const std::function<void(const Step&)>& on_step, const std::stop_token& stop) {
  throw_if_refused(plan);
  Runner runner{connection, request, patience, stop};
  for (const Step& step : plan.steps) {
    runner.run(step);
    if (on_step) on_step(step);
  }
}

void verify(mysql::Connection& connection, const Request& request) {
  const ChangelogState state = load_changelog_state(connection, request.names);
  for (const auto& [schema, table] : request.tables) {
    const TableState found = state_of_table(connection, request.names, state, schema, table);
    const std::string name = shown_table(schema, table);
    if (request.task == Task::uninstall) {
      if (!found.triggers.empty()) not_as_planned(name, "its triggers are still there");
      continue;
    }
    const auto active =
        std::ranges::find(found.definitions, catalog::CaptureState::active, [](const auto& known) { return known.registered.state; });
    if (active == found.definitions.end()) not_as_planned(name, "has no active definition");
    if (active->trigger_md5.empty() || active->trigger_md5 != active->registered.trigger_md5)
      not_as_planned(name, "its triggers are not what was installed");
  }
}

}  // namespace cdc::admin
