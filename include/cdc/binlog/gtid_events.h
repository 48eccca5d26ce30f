#pragma once

/// The events that open a transaction with its global id, and the list that opens a MariaDB file.
/// (PREVIOUS_GTIDS (35) is a bare set: MysqlGtidSet::parse_wire.)
///
/// Each `parse` takes the event's body (event_body) and says false when it is malformed; views
/// live as long as the event's bytes.

#include <cstdint>
#include <string_view>

#include "cdc/base/reader.h"
#include "cdc/binlog/control_events.h"
#include "cdc/binlog/event.h"
#include "cdc/binlog/gtid_set.h"

namespace cdc::binlog {

/// MySQL's GTID (33), ANONYMOUS_GTID (34), GTID_TAGGED (42). What an older server does not write is 0.
/// Source: mysql-server libs/mysql/binlog/event/control_events.{h,cpp}, libs/mysql/serialization.
struct MysqlGtidEvent {
  bool anonymous = false;
  std::uint8_t flags = 0;  ///< 1: may hold changes logged as statements.
  Uuid uuid{};
  std::string_view tag;     ///< Only in 42.
  std::int64_t number = 0;  ///< 1..gtid_number_max; 0 when anonymous.
  std::int64_t last_committed = 0, sequence_number = 0;
  std::uint64_t immediate_commit_us = 0;                      ///< Unix microseconds on the server we read.
  std::uint64_t original_commit_us = 0;                       ///< Unix microseconds on the server that first committed.
  std::uint64_t transaction_bytes = 0;                        ///< From the start of this event to the transaction's end.
  std::uint32_t immediate_version = 0, original_version = 0;  ///< 80045 = 8.0.45.

  static bool parse(EventType type, Reader body, MysqlGtidEvent& out) noexcept;
};

/// MariaDB's GTID (162). Source: MariaDB sql/log_event.{h,cc} `Gtid_log_event`.
struct MariadbGtidEvent {
  enum Flag : std::uint8_t {
    standalone = 1,  ///< One statement without BEGIN, such as DDL.
    group_commit = 2,
    transactional = 4,
    allow_parallel = 8,
    waited = 16,
    ddl = 32,
    prepared_xa = 64,
    completed_xa = 128,
  };
  enum ExtraFlag : std::uint8_t { multi_engine = 1, start_alter = 2, commit_alter = 4, rollback_alter = 8, has_thread_id = 16 };

  MariadbGtid gtid;
  std::uint8_t flags = 0, extra_flags = 0;
  std::uint64_t commit_id = 0;             ///< With `group_commit`.
  XaName xa;                               ///< With `prepared_xa` or `completed_xa`.
  std::uint64_t start_alter_sequence = 0;  ///< With `commit_alter` or `rollback_alter`.
  std::uint32_t thread_id = 0;             ///< With `has_thread_id`.

  bool has(Flag flag) const noexcept { return (flags & flag) != 0; }
  bool has_extra(ExtraFlag flag) const noexcept { return (extra_flags & flag) != 0; }
  /// The server's number comes from the common header.
  static bool parse(const EventHeader& header, Reader body, MariadbGtidEvent& out) noexcept;
};

/// MariaDB's GTID_LIST (163): where the log stood when the file was opened. May name several servers a
/// domain, the one of the last transaction last.
class GtidListEvent {
 public:
  static bool parse(Reader body, GtidListEvent& out) noexcept;

  std::uint8_t flags = 0;  ///< Of artificial lists: 1 = until reached, 2 = ignore.
  std::uint32_t count = 0;
  /// The last GTID of each domain.
  MariadbGtidPosition position() const;

 private:
  Reader entries_;
};

}  // namespace cdc::binlog
