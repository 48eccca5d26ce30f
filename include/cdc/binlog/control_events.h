#pragma once

/// The small events that steer a stream: file switches, commits, XA, incidents, heartbeats.
///
/// Each `parse` takes the event's body (event_body) and says false when it is malformed; views
/// live as long as the event's bytes. Layouts: mysql-server libs/mysql/binlog/event,
/// MariaDB sql/log_event.cc.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cdc/base/reader.h"
#include "cdc/binlog/event.h"

namespace cdc::binlog {

/// ROTATE (4): the stream goes on in another file.
struct RotateEvent {
  std::uint64_t position = 0;  ///< Of the next event in `file`; 4 at its start.
  std::string_view file;       ///< Base name, without folder.

  static bool parse(Reader body, RotateEvent& out) noexcept;
};

/// XID (16): commit of a transaction in a transactional engine.
struct XidEvent {
  std::uint64_t xid = 0;

  static bool parse(Reader body, XidEvent& out) noexcept;
};

/// Name of an XA transaction: the bytes a client gave, each part at most 64.
struct XaName {
  std::uint32_t format = 0;
  std::string_view global, branch;

  static constexpr std::uint32_t part_max_bytes = 64;
  bool operator==(const XaName&) const = default;
};

/// XA_PREPARE (38): ends a group whose outcome comes later, by name, unless `one_phase`.
struct XaPrepareEvent {
  bool one_phase = false;  ///< XA COMMIT … ONE PHASE: committed here and now.
  XaName name;

  static bool parse(Reader body, XaPrepareEvent& out) noexcept;
};

/// INCIDENT (26): the server says that its log misses changes.
struct IncidentEvent {
  std::uint16_t number = 0;  ///< 1 = lost events.
  std::string_view message;

  static bool parse(Reader body, IncidentEvent& out) noexcept;
};

/// ROWS_QUERY (29), MariaDB's ANNOTATE_ROWS (160): the statement behind the rows events that follow.
struct RowsQueryEvent {
  std::string_view sql;  ///< In the client's charset.

  static bool parse(EventType type, Reader body, RowsQueryEvent& out) noexcept;
};

/// MariaDB's START_ENCRYPTION (164): the rest of the file is encrypted. A server that sends the
/// event decrypts what follows.
struct StartEncryptionEvent {
  std::uint8_t scheme = 0;
  std::uint32_t key_version = 0;
  std::array<std::byte, 12> nonce{};

  static bool parse(Reader body, StartEncryptionEvent& out) noexcept;
};

/// HEARTBEAT (27) and HEARTBEAT_V2 (41): nothing new up to here.
struct HeartbeatEvent {
  std::uint64_t position = 0;  ///< In `file`.
  /// MySQL's first form only knows the low 32 bits.
  bool position_is_whole = false;
  std::string_view file;  ///< May be empty: not every engine keeps its log in files.

  /// `mariadb`: the product that sends; it writes positions beyond 4 GiB before the name.
  static bool parse(const EventHeader& header, Reader body, bool mariadb, HeartbeatEvent& out) noexcept;
};

}  // namespace cdc::binlog
