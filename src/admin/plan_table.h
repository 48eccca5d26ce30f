#pragma once

/// What becomes of one table: decided from what is registered, what the server has, and what is wanted. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "cdc/catalog/changelog.h"
#include "table_facts.h"

namespace cdc::admin {

/// A registered definition of the table, and its triggers.
struct KnownDefinition {
  catalog::RegisteredTable registered;
  std::string trigger_md5;  ///< Of the three on this table now; empty: not all are there.
};

struct TableState {
  std::vector<KnownDefinition> definitions;  ///< Of this name, by tid.
  /// Triggers of the changelog that are on the table, whomever they belong to: also of another name, after a RENAME.
  std::vector<std::string> triggers;
};

enum class Action : std::uint8_t {
  none,     ///< Captured as wanted.
  install,  ///< It has no usable triggers: old ones are dropped first.
  replace,  ///< New ones for old ones, under a lock, without a gap.
  finish,   ///< Complete but for its state.
};

struct Decision {
  Action action = Action::none;
  std::uint32_t tid = 0;      ///< Of the definition to finish, or to follow.
  bool lost_changes = false;  ///< Was captured, and changes may be missing: a new snapshot is needed.
  bool retire = false;        ///< Definitions are left from an installation that did not end.
};

/// `wanted`: the columns now, with images.
Decision decide(const TableState& state, const std::vector<catalog::RegisteredColumn>& wanted);

/// How a table's columns differ from what its triggers were made for.
enum class ColumnDrift : std::uint8_t {
  none,
  widened,  ///< Types changed within what the payload holds exactly.
  added,    ///< Columns that are not captured; what is captured is right.
  lost,     ///< A captured column was dropped or renamed: every write fails.
  changed,  ///< Another type, charset or place: values captured since may be wrong.
};
/// Images do not count.
ColumnDrift column_drift(const std::vector<catalog::RegisteredColumn>& registered, const std::vector<catalog::RegisteredColumn>& now);

}  // namespace cdc::admin
