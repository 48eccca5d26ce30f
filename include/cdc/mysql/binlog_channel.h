#pragma once

/// The server's answer to a dump command: one binlog event a packet, borrowed, not copied.
///
/// The connector reads packets into one buffer that grows to the largest event so far (at most 1 GiB) and joins
/// what the protocol splits at 16 MiB. Nothing is acknowledged: we are never a semi-synchronous replica.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "cdc/mysql/connection.h"

namespace cdc::mysql {

/// How to begin a dump. With `gtid_start` the server finds the place itself; else file and position.
struct DumpOptions {
  std::uint32_t server_id = 0;  ///< Announced; must differ from every replica's.
  std::string uuid;             ///< MySQL: `@replica_uuid`, unique a running instance.
  std::chrono::milliseconds heartbeat{10'000};
  bool non_blocking = false;        ///< End of stream at the log's end instead of waiting.
  bool announce_rows_query = true;  ///< MariaDB: ask for annotate events too (positions stay sums of sizes).
  std::string file;                 ///< Without gtid_start; empty = the oldest file.
  std::uint32_t at = 4;             ///< The command carries 32 bits; beyond 4 GiB start at 4 and skip.
  bool gtid_start = false;
  std::string mariadb_gtid;                             ///< MariaDB: `0-1-7,1-1-3`; empty = from the oldest.
  std::size_t packet_bytes_max = std::size_t{1} << 30;  ///< Without TLS; as max_allowed_packet at its highest.
  std::string mysql_gtid_wire;                          ///< MySQL: the binary GTID set (binlog::GtidSet::to_wire); empty = none executed.
};

/// Reads a dump. One thread; a stop request from any thread ends a blocked read at once.
class BinlogChannel {
 public:
  /// Prepares the session (checksum, heartbeat, uuid, capability), registers and sends the dump command. What
  /// the server has against it comes with the first `next`. Both this `stop` and the connection's end the
  /// reading. The endpoint's read_timeout should be more than twice the heartbeat. Throws Error.
  BinlogChannel(Connection connection, const DumpOptions& options, std::stop_token stop);
  ~BinlogChannel();

  /// The next event, header first, checksum last. Borrowed from the connector's read buffer: no
  /// copy, valid until the next call. Empty at the end of a non-blocking dump or, once what had
  /// arrived is handed out, after a stop request; then and ever after. Throws Error: connection_lost (retry; also when the server ends a
  /// dump that is not non-blocking), binlog_purged, server_id_conflict, … by the server's text.
  std::span<const std::byte> next();
  /// Whether nothing at all has arrived yet of what `next` will return. Costs a system call when true.
  bool would_wait() noexcept;

  const ServerVersion& version() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cdc::mysql
