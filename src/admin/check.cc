#include <fmt/format.h>

#include <algorithm>

#include "cascades.h"
#include "cdc/admin/inspect.h"
#include "cdc/catalog/fields.h"
#include "cdc/config/table_rules.h"
#include "changelog_state.h"
#include "messages.h"
#include "names.h"
#include "trigger_health.h"

namespace cdc::admin {
namespace {

Finding drift(const std::string& name, const catalog::RegisteredTable& registered, ColumnDrift kind) {
  const std::string upgrade = "mysql-cdc triggers upgrade … --apply";
  switch (kind) {
    case ColumnDrift::added: return {false, ErrorCode::trigger_drift, {name + ": has columns that are not captured", upgrade}};
    case ColumnDrift::widened:
      return {false, ErrorCode::trigger_drift, {name + ": types or key changed; changes are captured exactly", upgrade}};
    case ColumnDrift::lost:
      return {
          true, ErrorCode::trigger_drift, {name + ": a captured column was dropped or renamed: every write of the table fails", upgrade}};
    case ColumnDrift::changed:
      return {true,
              ErrorCode::trigger_drift,
              {name + ": a column has another type or charset: changes since then may be wrong",
               upgrade + ", then a new snapshot of the table"}};
    case ColumnDrift::none: break;
  }
  return {false, ErrorCode::trigger_drift, {fmt::format("{}: definition {}", name, registered.tid), ""}};
}

class Checker {
 public:
  Checker(mysql::Connection& connection, const Request& request)
      : connection_{connection}, request_{request}, server_{load_server_facts(connection)} {}

  std::vector<Finding> run() {
    require_version(server_.version);
    require_changelog(connection_, request_.names);
    state_ = load_changelog_state(connection_, request_.names);
    std::vector<Notice> refusals, warnings;
    judge_cascades(connection_, server_, request_, refusals, warnings);
    add(refusals, true, ErrorCode::cascade);
    refusals.clear();
    judge_server(server_, refusals, warnings);  // what keeps triggers from being made does no harm to those that are there
    add(warnings, false, ErrorCode::trigger_refused);
    for (const auto& [schema, table] : request_.tables) check_table(schema, table);
    return std::move(out_);
  }

 private:
  void add(const std::vector<Notice>& notices, bool error, ErrorCode code) {
    for (const Notice& notice : notices) out_.push_back({error, code, notice});
  }

  void check_table(const std::string& schema, const std::string& table) {
    const std::string name = shown_table(schema, table);
    const TableState known = state_of_table(connection_, request_.names, state_, schema, table);
    const KnownDefinition* active = nullptr;
    for (const KnownDefinition& definition : known.definitions) {
      if (definition.registered.state == catalog::CaptureState::active) active = &definition;
      if (definition.registered.state == catalog::CaptureState::changing) {
        out_.push_back({true,
                        ErrorCode::trigger_drift,
                        {name + ": an installation did not end: changes may be missing", "mysql-cdc triggers install … --apply"}});
      }
    }
    if (active == nullptr) {
      return out_.push_back({true, ErrorCode::changelog_missing, {name + ": is not captured", "mysql-cdc triggers install … --apply"}});
    }
    const auto facts = load_table_facts(connection_, schema, table);
    if (!facts) {
      return out_.push_back(
          {true,
           ErrorCode::trigger_drift,
           {name + ": is gone, or not visible to this account", "check GRANTs; after DROP or RENAME: mysql-cdc triggers uninstall …"}});
    }
    check_definition(*facts, *active, name);
  }

  void check_definition(const TableFacts& facts, const KnownDefinition& active, const std::string& name) {
    for (Finding& finding : check_triggers(connection_, request_.names, active)) out_.push_back(std::move(finding));
    if (const auto kind = column_drift(active.registered.columns, facts.columns); kind != ColumnDrift::none)
      out_.push_back(drift(name, active.registered, kind));
    if (!has_payload(active.registered.tid)) {
      out_.push_back(
          {true,
           ErrorCode::trigger_drift,
           {fmt::format("{}: {} is gone: every write of the table fails", name, request_.names.payload_name(active.registered.tid)),
            "mysql-cdc triggers uninstall … --apply, then install"}});
    }
    std::vector<Notice> refusals, warnings;
    judge_table(facts, active.registered.columns, server_.is_mariadb(), refusals, warnings);
    add(refusals, true, ErrorCode::trigger_refused);
    add(warnings, false, ErrorCode::trigger_refused);
  }

  bool has_payload(std::uint32_t tid) {
    return connection_
        .query_value(fmt::format("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND TABLE_NAME = {}",
                                 connection_.quote(request_.names.schema), connection_.quote(request_.names.payload_name(tid))))
        .has_value();
  }

  mysql::Connection& connection_;
  const Request& request_;
  ServerFacts server_;
  ChangelogState state_;
  std::vector<Finding> out_;
};

}  // namespace

std::vector<Finding> check(mysql::Connection& connection, const Request& request) { return Checker{connection, request}.run(); }

}  // namespace cdc::admin
