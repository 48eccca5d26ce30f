#pragma once

/// How the changelog stands, and what is wrong with it. Reads only.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cdc/admin/triggers.h"
#include "cdc/base/error.h"

namespace cdc::admin {

struct Consumer {
  std::string name;
  std::uint64_t acked_seq = 0;
  std::int64_t behind = 0;  ///< Changes of the log that it has not acknowledged.
  std::int64_t seen_before_s = 0;
};

struct CapturedTable {
  std::string name;  ///< `schema.table`
  std::uint32_t tid = 0;
  catalog::CaptureState state = catalog::CaptureState::changing;
  std::uint64_t payload_bytes = 0;  ///< As information_schema knows it.
};

struct Status {
  catalog::ChangelogMeta meta;
  std::uint64_t inbox_changes = 0;  ///< Committed, not in the log yet.
  std::optional<std::int64_t> inbox_oldest_s;
  std::uint64_t log_changes = 0;    ///< Not purged.
  std::int64_t unread_changes = 0;  ///< Of the log, by the slowest consumer.
  std::optional<std::int64_t> unread_oldest_s;
  std::vector<Consumer> consumers;
  std::vector<CapturedTable> tables;
  std::uint64_t bytes = 0;  ///< All of the changelog.
};
/// By the statements of sql/status.sql. Throws Error(changelog_missing).
Status load_status(mysql::Connection& connection, const catalog::ChangelogNames& names);

struct Finding {
  bool error = false;  ///< Changes are, or will be, missed, or writes fail. Else worth knowing.
  ErrorCode code = ErrorCode::trigger_drift;
  Notice notice;
};
/// Of the tables asked for and of every one that is registered and matches. Throws Error(changelog_missing).
std::vector<Finding> check(mysql::Connection& connection, const Request& request);

}  // namespace cdc::admin
