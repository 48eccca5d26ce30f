#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cascades.h"
#include "cdc/admin/triggers.h"
#include "cdc/base/error.h"
#include "cdc/catalog/fields.h"
#include "cdc/catalog/table_catalog.h"
#include "cdc/config/table_rules.h"
#include "changelog_state.h"
#include "messages.h"
#include "names.h"
#include "plan_table.h"
#include "table_script.h"

namespace cdc::admin {
namespace {

std::vector<bool> excluded_columns(const config::ColumnRules& rules, const TableFacts& facts) {
  std::vector<bool> out;
  for (const auto& column : facts.columns) out.push_back(rules.excluded(facts.schema, facts.table, column.name));
  return out;
}

/// Collects the plan of one request.
class Planner {
 public:
  Planner(mysql::Connection& connection, const Request& request)
      : connection_{connection},
        request_{request},
        server_{load_server_facts(connection)},
        state_{load_changelog_state(connection, request.names)},
        scripts_{request.names, request.lock_wait, server_.is_mariadb()},
        columns_{request.settings},
        next_tid_{state_.next_tid} {}

  Plan run() {
    require_version(server_.version);
    if (request_.task == Task::uninstall) {
      for (const auto& [schema, table] : request_.tables) uninstall(schema, table);
      return std::move(plan_);
    }
    judge_server(server_, plan_.refusals, plan_.warnings);
    judge_cascades(connection_, server_, request_, plan_.refusals, plan_.warnings);
    if (!state_.installed) plan_.steps.push_back({fmt::format("the changelog in {}", request_.names.schema), scripts_.core()});
    for (const auto& [schema, table] : request_.tables) capture(schema, table);
    if (!plan_.refusals.empty()) plan_.steps.clear();
    return std::move(plan_);
  }

 private:
  void capture(const std::string& schema, const std::string& table) {
    const auto facts = load_table_facts(connection_, schema, table);
    const std::string name = shown_table(schema, table);
    if (!facts)
      return plan_.refusals.push_back({fmt::format("{}: no such table, or not visible to this account", name), "check tables and GRANTs"});
    const auto wanted = with_images(*facts, request_.settings.trigger.images, excluded_columns(columns_, *facts));
    const std::size_t refused = plan_.refusals.size();
    judge_table(*facts, wanted, server_.is_mariadb(), plan_.refusals, plan_.warnings);
    if (plan_.refusals.size() != refused) return;
    act(*facts, wanted, state_of_table(connection_, request_.names, state_, schema, table));
  }

  void act(const TableFacts& facts, const std::vector<catalog::RegisteredColumn>& wanted, const TableState& state) {
    const std::string name = shown_table(facts.schema, facts.table);
    const Decision decision = decide(state, wanted);
    if (decision.lost_changes) {
      plan_.warnings.push_back({fmt::format("{}: changes since it was captured last may be missing or wrong", name),
                                "take a new snapshot of the table afterwards"});
    }
    switch (decision.action) {
      case Action::none:
        if (decision.retire) clear(facts, state, fmt::format("{}: what an installation that did not end left behind", name), decision.tid);
        plan_.unchanged.push_back(name);
        return;
      case Action::finish:
        plan_.steps.push_back({fmt::format("{}: its triggers are complete, they count from now on", name),
                               scripts_.finish(facts.schema, facts.table, decision.tid, triggers_of(state, decision.tid))});
        return;
      case Action::install: {
        const bool clean = state.definitions.empty() && state.triggers.empty();
        if (!clean) clear(facts, state, fmt::format("{}: triggers that are of no use any more", name), 0);
        plan_.steps.push_back({fmt::format("{}: triggers", name), scripts_.install(facts, definition(facts, wanted, 0))});
        return;
      }
      case Action::replace:
        plan_.steps.push_back({fmt::format("{}: new triggers for old ones", name),
                               scripts_.replace(facts, definition(facts, wanted, decision.tid), state.triggers)});
        return;
    }
  }

  /// All triggers go but those of definition `kept` (0 = none), which stays active.
  void clear(const TableFacts& facts, const TableState& state, const std::string& title, std::uint32_t kept) {
    const auto retire = kept == 0 ? TableScripts::Retire::all : TableScripts::Retire::changing;
    plan_.steps.push_back({title, scripts_.uninstall(title, facts.schema, facts.table, triggers_of(state, kept), retire)});
  }

  std::vector<std::string> triggers_of(const TableState& state, std::uint32_t kept) const {
    std::vector<std::string> out = state.triggers;
    for (const KnownDefinition& known : state.definitions) {
      if (known.registered.state == catalog::CaptureState::retired) continue;
      for (const char event : {'i', 'u', 'd'}) {
        std::string trigger = request_.names.trigger_name(known.registered.tid, event);
        const auto found = std::ranges::find(out, trigger);
        if (known.registered.tid == kept) {
          if (found != out.end()) out.erase(found);
        } else if (found == out.end()) {
          out.push_back(std::move(trigger));
        }
      }
    }
    return out;
  }

  Definition definition(const TableFacts& facts, const std::vector<catalog::RegisteredColumn>& wanted, std::uint32_t follows) {
    return {next_tid_++, wanted, follows, request_.settings.trigger.definer, shown_table(facts.schema, facts.table)};
  }

  void uninstall(const std::string& schema, const std::string& table) {
    const TableState state = state_of_table(connection_, request_.names, state_, schema, table);
    const std::string title = fmt::format("{}: no triggers any more", shown_table(schema, table));
    plan_.steps.push_back({title, scripts_.uninstall(title, schema, table, triggers_of(state, 0), TableScripts::Retire::all)});
  }

  mysql::Connection& connection_;
  const Request& request_;
  ServerFacts server_;
  ChangelogState state_;
  TableScripts scripts_;
  config::ColumnRules columns_;
  std::uint32_t next_tid_;
  Plan plan_;
};

}  // namespace

Plan make_plan(mysql::Connection& connection, const Request& request) { return Planner{connection, request}.run(); }

void throw_if_refused(const Plan& plan) {
  if (plan.refusals.empty()) return;
  std::string what, cure;
  for (const Notice& refusal : plan.refusals) {
    what += fmt::format("{}{}", what.empty() ? "" : "; ", refusal.text);
    if (cure.find(refusal.cure) == cure.npos) cure += fmt::format("{}{}", cure.empty() ? "" : "; ", refusal.cure);
  }
  throw Error{ErrorCode::trigger_refused, Remedy::operate, what, cure};
}

std::string script_of(const Plan& plan) {
  std::string out;
  for (const Step& step : plan.steps) out += fmt::format("{}{}", out.empty() ? "" : "\n", step.script);
  return out;
}

}  // namespace cdc::admin
