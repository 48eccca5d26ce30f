#pragma once

/// What a changelog says of itself, and whether a position is of it.

#include <cstdint>
#include <optional>
#include <string>

#include "cdc/base/error.h"
#include "cdc/catalog/changelog.h"
#include "cdc/model/position.h"
#include "cdc/mysql/connection.h"

namespace cdc::capture {

struct ChangelogState {
  std::string epoch;             ///< Of the installation.
  std::uint64_t next_seq = 0;    ///< Of the log's next entry; 1 in a new one.
  std::uint64_t purged_seq = 0;  ///< Entries up to this one are gone; 0: none.
  bool waiting = false;          ///< The inbox has rows.
};

/// Nothing when there is no changelog that this account can see. Throws Error(changelog_layout) for one of another layout.
std::optional<ChangelogState> find_changelog(mysql::Connection& connection, const catalog::ChangelogNames& names);
/// One cheap statement. Throws Error(changelog_missing) with the cure.
ChangelogState read_changelog(mysql::Connection& connection, const catalog::ChangelogNames& names);
Error changelog_missing(const catalog::ChangelogNames& names);

/// The id of an entry of the log; nothing when it has no such entry.
std::optional<std::uint64_t> id_of_entry(mysql::Connection& connection, const catalog::ChangelogNames& names, std::uint64_t seq);

/// That everything behind `position` is there: the same installation, nothing purged, the same entry at its number. A restored backup, a
/// changelog installed anew and one that was purged are told apart. Throws Error(changelog_position, changelog_purged).
void check_position(mysql::Connection& connection, const catalog::ChangelogNames& names, const ChangelogState& state,
                    const ChangelogPosition& position);

/// How sessions that write to the changelog are set up: READ COMMITTED, or REPEATABLE READ where the server's statement-based log refuses
/// writes under it; bounded waits for locks; texts of results as they are stored.
void set_up_session(mysql::Connection& connection);

}  // namespace cdc::capture
