#pragma once

/// The set of transactions already seen, of whichever product: what positions carry.

#include <cstdint>
#include <string>
#include <string_view>

#include "cdc/binlog/gtid_events.h"
#include "cdc/binlog/gtid_set.h"

namespace cdc::capture {

/// A transaction's id waits in `pending` until its commit, so that `text` is the set *before* it.
class GtidTracker {
 public:
  /// Forgets everything; from here on the set is unknown until `assume` or a file's own list says it.
  void reset() { *this = GtidTracker{}; }
  /// Throws Error(position_invalid).
  void assume(std::string_view set_text, bool mariadb);
  void assume(binlog::MysqlGtidSet set);
  void assume(binlog::MariadbGtidPosition position);
  bool known() const noexcept { return known_; }

  void begin(const binlog::MysqlGtidEvent& event);
  void begin(const binlog::MariadbGtid& gtid);
  void begin_anonymous() noexcept { pending_ = Pending::none; }
  /// The pending transaction is complete.
  void commit();

  /// The set before the pending transaction; empty while unknown.
  void append_text(std::string& out);
  /// The pending transaction's id; empty for none.
  void append_pending(std::string& out) const;
  /// Whether the pending transaction is one of `set`.
  bool pending_in(const binlog::MysqlGtidSet& set) const { return pending_ == Pending::mysql && set.contains(uuid_, tag_, number_); }
  bool has_pending() const noexcept { return pending_ != Pending::none; }

  /// Whether everything in `goal` (text of a set or position) was seen. `assume`d sets count.
  bool reached(const binlog::MysqlGtidSet& goal) const { return known_ && mysql_.contains(goal); }
  bool reached(const binlog::MariadbGtidPosition& goal) const;
  const binlog::MysqlGtidSet& mysql() const noexcept { return mysql_; }

 private:
  enum class Pending : std::uint8_t { none, mysql, mariadb };
  bool known_ = false;
  Pending pending_ = Pending::none;
  binlog::MysqlGtidSet mysql_;
  binlog::MariadbGtidPosition mariadb_;
  binlog::Uuid uuid_{};
  std::string tag_;
  std::string source_text_;  ///< `uuid:` or `uuid:tag:`.
  std::int64_t number_ = 0;
  binlog::MariadbGtid mariadb_gtid_;
};

}  // namespace cdc::capture
