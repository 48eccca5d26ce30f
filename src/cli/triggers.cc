#include "triggers.h"

#include <unistd.h>

#include "cdc/admin/inspect.h"
#include "cdc/admin/triggers.h"
#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/cli/command_line.h"
#include "cdc/cli/output.h"
#include "dry_run_settings.h"
#include "login.h"
#include "terminal.h"
#include "triggers_report.h"

namespace cdc::cli {
namespace {

using Action = TriggersArguments::Action;

admin::Task task_of(Action action) noexcept {
  switch (action) {
    case Action::upgrade: return admin::Task::upgrade;
    case Action::uninstall: return admin::Task::uninstall;
    case Action::install:
    case Action::status:
    case Action::check: break;
  }
  return admin::Task::install;
}

/// One command on one connection.
class Triggers {
 public:
  Triggers(const TriggersArguments& arguments, const config::Settings& settings, const mysql::Endpoint& endpoint, bool color,
           const std::stop_token& interrupted)
      : arguments_{arguments},
        settings_{settings},
        database_{endpoint.database},
        interrupted_{interrupted},
        output_{STDOUT_FILENO, {}},
        report_{output_, color},
        connection_{endpoint, interrupted},
        of_server_{admin::matching_tables(connection_, settings, database_)},
        names_{catalog::changelog_names(settings.trigger.schema, settings.trigger.prefix, database_, of_server_)} {}

  int run() {
    switch (arguments_.action) {
      case Action::status: return status();
      case Action::check: return check();
      case Action::install: return change(without_changelog(of_server_));
      case Action::upgrade:
      case Action::uninstall: admin::require_changelog(connection_, names_); return change(registered());
    }
    return exit_usage;
  }

 private:
  admin::Tables without_changelog(admin::Tables tables) const {
    std::erase_if(tables, [&](const auto& name) { return names_.owns(name.first, name.second); });
    return tables;
  }

  admin::Tables registered() { return admin::registered_tables(connection_, settings_, database_, names_); }

  admin::Request request(admin::Tables tables) const {
    return {.task = task_of(arguments_.action),
            .tables = std::move(tables),
            .settings = settings_,
            .names = names_,
            .discard = arguments_.discard};
  }

  int change(admin::Tables tables) {
    const admin::Request wanted = request(std::move(tables));
    if (wanted.tables.empty() && wanted.task != admin::Task::uninstall) {
      throw Error{ErrorCode::no_table_matches, Remedy::operate, "no table matches the rules", "check tables, the url's schema, and GRANTs"};
    }
    if (arguments_.apply) admin::lock_installation(connection_, names_);
    admin::Plan plan = admin::make_plan(connection_, wanted);
    report_warnings(plan);
    admin::throw_if_refused(plan);
    if (!arguments_.apply) {
      report_warnings(add_removal(plan, wanted));
      return show(plan);
    }
    const auto on_step = [&](const admin::Step& step) { report_.done(step); };
    admin::apply_plan(connection_, plan, wanted, {}, on_step, interrupted_);
    admin::verify(connection_, wanted);
    const admin::Plan cleanup = admin::plan_cleanup(connection_, wanted);
    report_warnings(cleanup);
    admin::apply_plan(connection_, cleanup, wanted, {}, on_step, interrupted_);
    report_.unchanged(plan);
    output_.flush();
    return exit_done;
  }

  /// What goes behind an uninstallation.
  admin::Plan add_removal(admin::Plan& plan, const admin::Request& wanted) {
    if (wanted.task != admin::Task::uninstall) return {};
    admin::Plan cleanup = admin::plan_cleanup(connection_, wanted, true);
    plan.steps.insert(plan.steps.end(), cleanup.steps.begin(), cleanup.steps.end());
    return cleanup;
  }

  int show(const admin::Plan& plan) {
    if (arguments_.print) {
      output_.buffer().append(admin::script_of(plan));
    } else {
      report_.planned(plan);
    }
    output_.flush();
    return exit_done;
  }

  static void report_warnings(const admin::Plan& plan) {
    for (const admin::Notice& warning : plan.warnings)
      log(LogLevel::warning, warning.cure.empty() ? warning.text : warning.text + " — " + warning.cure);
  }

  std::vector<admin::Finding> findings(bool all_matching) {
    admin::require_changelog(connection_, names_);
    admin::Tables tables = registered();
    if (all_matching && !settings_.tables.empty() && settings_.tables != "*") {  // tables named, and not captured, are to be told
      for (auto& name : without_changelog(of_server_))
        if (std::find(tables.begin(), tables.end(), name) == tables.end()) tables.push_back(std::move(name));
    }
    return admin::check(connection_, request(std::move(tables)));
  }

  int status() {
    const admin::Status found = admin::load_status(connection_, names_);
    report_.status(found, names_, findings(false));
    output_.flush();
    return exit_done;
  }

  int check() {
    const auto found = findings(true);
    const bool good = report_.findings(found, registered().size());
    output_.flush();
    return good ? exit_done : exit_refused;
  }

  const TriggersArguments& arguments_;
  const config::Settings& settings_;
  std::string database_;
  std::stop_token interrupted_;
  Output output_;
  TriggersReport report_;
  mysql::Connection connection_;
  admin::Tables of_server_;
  catalog::ChangelogNames names_;
};

}  // namespace

int triggers(const TriggersArguments& arguments, When color, std::stop_token interrupted) {
  const DryRunSettings given = read_settings(arguments.source);
  mysql::Endpoint endpoint = capture::endpoint_of(given.settings, interrupted);
  return with_login(endpoint, arguments.source.ask_password, interrupted, [&] {
    return Triggers{arguments, given.settings, endpoint, wants_color(color, STDOUT_FILENO), interrupted}.run();
  });
}

}  // namespace cdc::cli
