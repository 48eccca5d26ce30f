#pragma once

/// Views of the tables, and the place in the changelog that they stand at: every change that they show lies before it, every other one
/// behind.
///
/// While the lock on `_cdc_meta` is held nobody numbers, so the log stands still and the inbox only grows. The views are opened then, and
/// exactly the rows of the inbox that they show get the next numbers, in the transaction that holds the lock. So what a view shows has a
/// number below the start: it was in the log before, or is one of these rows. What it does not show was committed later, is still in the
/// inbox, and gets its number later. A change and its header are one transaction: a view shows both or neither.
///
/// Writers wait for nothing: they take no lock that this holds.
///
/// A dry run numbers nothing. Its views agree on the log's end and the inbox, so no one has numbered between them; the rows of the inbox
/// that they show are named by their ids.

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "cdc/capture/binlog_source.h"
#include "cdc/catalog/changelog.h"
#include "cdc/model/position.h"
#include "cdc/mysql/endpoint.h"
#include "cdc/snapshot/range_board.h"
#include "cdc/snapshot/views.h"

namespace cdc::capture {

struct ChangelogJoin {
  snapshot::Views views;
  ChangelogPosition start;           ///< Without `snap`.
  std::vector<std::uint64_t> shown;  ///< Of a dry run: ids of the inbox that the views show.
};

/// `resumed`: a snapshot that goes on, whose stream begins where it said; it is checked, and what lies behind it is kept. Throws Error.
ChangelogJoin join_changelog(const mysql::Endpoint& endpoint, const CaptureOptions& options, const catalog::ChangelogNames& names,
                             const snapshot::TableList& tables, const std::optional<ChangelogPosition>& resumed,
                             const std::stop_token& stop);

}  // namespace cdc::capture
