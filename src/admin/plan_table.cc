#include "plan_table.h"

#include <algorithm>

#include "payload.h"

namespace cdc::admin {
namespace {

using catalog::CaptureState;
using catalog::RegisteredColumn;

const KnownDefinition* last_in(const TableState& state, CaptureState wanted) {
  const KnownDefinition* out = nullptr;
  for (const KnownDefinition& definition : state.definitions)
    if (definition.registered.state == wanted) out = &definition;
  return out;
}

/// Whether what the triggers wrote since the columns changed is right, or nothing could be written.
bool is_exact(ColumnDrift drift) noexcept { return drift != ColumnDrift::changed; }

const RegisteredColumn* find(const std::vector<RegisteredColumn>& columns, const std::string& name) {
  const auto found = std::ranges::find(columns, name, &RegisteredColumn::name);
  return found == columns.end() ? nullptr : &*found;
}

Decision decide_active(const KnownDefinition& active, const std::vector<RegisteredColumn>& wanted) {
  if (active.trigger_md5.empty() || active.trigger_md5 != active.registered.trigger_md5) return {Action::install, 0, true};
  if (active.registered.columns == wanted) return {Action::none, active.registered.tid};
  const bool exact = is_exact(column_drift(active.registered.columns, wanted));
  return {Action::replace, exact ? active.registered.tid : 0, !exact};
}

}  // namespace

Decision decide(const TableState& state, const std::vector<RegisteredColumn>& wanted) {
  const KnownDefinition* const changing = last_in(state, CaptureState::changing);
  const KnownDefinition* const active = last_in(state, CaptureState::active);
  if (changing != nullptr && !changing->trigger_md5.empty()) {
    const bool exact = changing->registered.columns == wanted;
    return {exact ? Action::finish : Action::install, exact ? changing->registered.tid : 0,
            active != nullptr && changing->registered.follows == 0};
  }
  Decision out = active != nullptr ? decide_active(*active, wanted) : Decision{Action::install};
  out.retire = changing != nullptr;
  return out;
}

ColumnDrift column_drift(const std::vector<RegisteredColumn>& registered, const std::vector<RegisteredColumn>& now) {
  ColumnDrift out = now.size() > registered.size() ? ColumnDrift::added : ColumnDrift::none;
  for (const RegisteredColumn& before : registered) {
    const RegisteredColumn* const after = find(now, before.name);
    if (after == nullptr) return ColumnDrift::lost;
    if (payload_type(before) != payload_type(*after)) return ColumnDrift::changed;
    if (before.type_text != after->type_text || before.key_ordinal != after->key_ordinal) out = std::max(out, ColumnDrift::widened);
  }
  return out;
}

}  // namespace cdc::admin
