#pragma once

/// A reader's row in `_cdc_consumer`, and the purge of what all readers have done with.
///
/// The row's number says what may go: acknowledged, and long enough ago (ack_ledger.h). The purge takes the smallest of all readers' and
/// keeps that entry itself, by whose inbox id a position is recognised. It removes ranges of the log's numbers, which are committed and
/// never change; the payload goes with them, through the log. It works under the lock on `_cdc_meta`, as registering does: no reader is let
/// in between its check and its row.

#include <chrono>
#include <cstdint>
#include <set>
#include <string>

#include "cdc/catalog/changelog.h"
#include "cdc/model/position.h"
#include "cdc/mysql/connection.h"

namespace cdc::capture {

class ChangelogConsumer {
 public:
  /// What one purge removes at most.
  static constexpr std::uint64_t slice = 2'000;

  /// `name`: the connector's id; one that the column cannot hold is shortened to a hash of it.
  ChangelogConsumer(const catalog::ChangelogNames& names, std::string_view name, std::chrono::milliseconds retention);

  /// Checks that everything behind `position` is there, and keeps it from now on. Throws what check_position throws.
  void enter(mysql::Connection& connection, const ChangelogPosition& position) const;
  /// The same without a check, within a transaction that holds the lock.
  void keep_from(mysql::Connection& connection, std::uint64_t seq) const;
  /// Everything up to `settled_seq` may go, and the reader is there.
  void store(mysql::Connection& connection, std::uint64_t settled_seq) const;
  /// Removes at most a slice of the log. How many entries went. Logs readers that are away for too long and do not count any more.
  std::uint64_t purge(mysql::Connection& connection);

  const std::string& name() const noexcept { return name_; }

 private:
  void warn_of_absent(mysql::Connection& connection);

  const catalog::ChangelogNames& names_;
  std::string name_;
  std::int64_t retention_s_;
  std::set<std::string> absent_;  ///< Said so.
};

}  // namespace cdc::capture
