#include "changelog_join.h"

#include <fmt/format.h>

#include <limits>

#include "cdc/catalog/fields.h"
#include "cdc/snapshot/equal_views.h"
#include "changelog_consumer.h"
#include "changelog_sequencer.h"
#include "changelog_start.h"
#include "changelog_state.h"

namespace cdc::capture {
namespace {

constexpr std::size_t round_max = 5'000;

snapshot::EqualViewOptions view_options(const catalog::ChangelogNames& names, const snapshot::TableList& tables) {
  snapshot::EqualViewOptions out;
  for (const auto& [schema, table] : tables) out.tables.push_back({schema, table});
  out.question =
      fmt::format("SELECT (SELECT next_seq FROM {} WHERE one = 1), COUNT(*), MAX(id) FROM {}", names.quoted("meta"), names.quoted("inbox"));
  return out;
}

ChangelogPosition position_at(const ChangelogState& state, const CaptureOptions& options) {
  ChangelogPosition out;
  out.epoch = state.epoch;
  out.seq = state.next_seq - 1;
  out.rules = rules_of(options);
  return out;
}

ChangelogJoin join_dry(const mysql::Endpoint& endpoint, const CaptureOptions& options, const catalog::ChangelogNames& names,
                       const snapshot::TableList& tables, const std::stop_token& stop) {
  ChangelogJoin out{snapshot::open_equal_views(endpoint, options.settings.snapshot_workers, view_options(names, tables), stop), {}, {}};
  mysql::Connection& view = out.views.connection(0);
  out.start = position_at(read_changelog(view, names), options);
  view.query(fmt::format("SELECT id FROM {}", names.quoted("inbox")),
             [&](mysql::RowView row) { out.shown.push_back(catalog::number_of<std::uint64_t>(row[0])); });
  return out;
}

}  // namespace

ChangelogJoin join_changelog(const mysql::Endpoint& endpoint, const CaptureOptions& options, const catalog::ChangelogNames& names,
                             const snapshot::TableList& tables, const std::optional<ChangelogPosition>& resumed,
                             const std::stop_token& stop) {
  if (options.dry_run) return join_dry(endpoint, options, names, tables, stop);
  mysql::Connection sequencer{endpoint, stop};
  set_up_session(sequencer);
  const ChangelogConsumer consumer{names, options.connector_id, options.settings.trigger.retention};
  if (resumed) consumer.enter(sequencer, *resumed);
  while (sequence_round(sequencer, names, round_max) == round_max) {
  }
  std::optional<ChangelogLock> lock;
  snapshot::EqualViewOptions how = view_options(names, tables);
  how.before_opening = [&] { lock.emplace(sequencer, names); };
  ChangelogJoin out{snapshot::open_equal_views(endpoint, options.settings.snapshot_workers, how, stop), {}, {}};
  const std::vector<InboxRow> shown = read_inbox(out.views.connection(0), names, std::numeric_limits<std::uint32_t>::max());
  const std::uint64_t next_seq = sequence_rows(sequencer, names, lock->next_seq(), shown);
  out.start = resumed.value_or(position_at({lock->epoch(), next_seq, 0, false}, options));
  if (!resumed) {
    out.start.id = shown.empty() ? id_of_entry(sequencer, names, out.start.seq).value_or(0) : shown.back().id;
    consumer.keep_from(sequencer, out.start.seq);
  }
  lock->commit();
  return out;
}

}  // namespace cdc::capture
