#pragma once

/// Installs, changes and removes the triggers that fill the changelog.
///
/// A plan is made from what the server says, and is the text of scripts in sql/, filled in: what --print shows is what --apply runs.
/// Applying can end at any statement: a definition is `changing` until its triggers are complete, and the next plan clears up and
/// begins anew, or finishes what was complete.

#include <chrono>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "cdc/catalog/changelog.h"
#include "cdc/config/settings.h"
#include "cdc/mysql/connection.h"

namespace cdc::admin {

enum class Task : std::uint8_t {
  install,    ///< Every table is captured afterwards, as its columns are now.
  upgrade,    ///< The same for tables that are captured already; no others are added.
  uninstall,  ///< None is captured afterwards; what was read, or is not wanted, goes too.
};

/// One line for a person, and what helps.
struct Notice {
  std::string text, cure;
};

struct Step {
  std::string title;   ///< For people: `shop.orders: new triggers`.
  std::string script;  ///< SQL, for the stock client too.
};

struct Plan {
  std::vector<Notice> refusals;  ///< With any, there are no steps.
  std::vector<Notice> warnings;
  std::vector<std::string> unchanged;  ///< `schema.table`: nothing to do.
  std::vector<Step> steps;
};

using Tables = std::vector<std::pair<std::string, std::string>>;

struct Request {
  Task task = Task::install;
  Tables tables;  ///< Those that the rules match: of the server for install, of the registry for the others.
  const config::Settings& settings;
  const catalog::ChangelogNames& names;
  bool discard = false;               ///< Uninstall: also what no consumer has acknowledged yet.
  std::chrono::seconds lock_wait{3};  ///< Longest time that writers queue behind one attempt.
};

/// Base tables of the server that the settings' rules match, without the changelog's own. `default_schema`: the URL's.
Tables matching_tables(mysql::Connection& connection, const config::Settings& settings, std::string_view default_schema);
/// Those of the registry. The changelog must be there.
Tables registered_tables(mysql::Connection& connection, const config::Settings& settings, std::string_view default_schema,
                         const catalog::ChangelogNames& names);

/// Throws Error(changelog_missing) when there is none.
catalog::ChangelogMeta require_changelog(mysql::Connection& connection, const catalog::ChangelogNames& names);

/// Reads only. Throws Error(server_unsupported) for servers that are too old, Error(changelog_layout).
Plan make_plan(mysql::Connection& connection, const Request& request);
/// One line a refusal. Does nothing when there is none; else throws Error: of the code that all agree in, else trigger_refused.
void throw_if_refused(const Plan& plan);
/// All steps as one script.
std::string script_of(const Plan& plan);

struct Patience {
  std::chrono::seconds limit{60};  ///< For one statement, over all attempts.
};
/// Keeps other installers of this changelog out, for the connection's life. Throws Error(trigger_lock) when one is at work.
void lock_installation(mysql::Connection& connection, const catalog::ChangelogNames& names);
/// What is left of definitions that nothing writes any more: payload tables, and the changelog itself after its last table. What consumers
/// have not acknowledged is kept, and named as a warning, unless it is to be discarded.
/// `ahead`: as it will be when an uninstallation of the tables asked for is done.
Plan plan_cleanup(mysql::Connection& connection, const Request& request, bool ahead = false);
/// Runs the steps, each after `on_step`, statements that meet a lock again until `patience` ends. Throws Error(trigger_lock),
/// Error(trigger_creators), Error(privilege_missing) with the GRANT.
void apply_plan(mysql::Connection& connection, const Plan& plan, const Request& request, const Patience& patience,
                const std::function<void(const Step&)>& on_step, const std::stop_token& stop);
/// Whether what was asked for is there now. Throws Error(trigger_drift).
void verify(mysql::Connection& connection, const Request& request);

}  // namespace cdc::admin
