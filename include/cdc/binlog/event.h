#pragma once

/// The common header of every binlog event, its types, and the description event that opens a file.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/base/reader.h"

namespace cdc::binlog {

/// Numbers from both products; those >= 160 are MariaDB's. Unknown numbers are legal.
enum class EventType : std::uint8_t {
  unknown = 0,
  start_v3 = 1,
  query = 2,
  stop = 3,
  rotate = 4,
  intvar = 5,
  load = 6,
  slave = 7,
  create_file = 8,
  append_block = 9,
  exec_load = 10,
  delete_file = 11,
  new_load = 12,
  rand = 13,
  user_var = 14,
  format_description = 15,
  xid = 16,
  begin_load_query = 17,
  execute_load_query = 18,
  table_map = 19,
  write_rows_v0 = 20,
  update_rows_v0 = 21,
  delete_rows_v0 = 22,
  write_rows_v1 = 23,
  update_rows_v1 = 24,
  delete_rows_v1 = 25,
  incident = 26,
  heartbeat = 27,
  ignorable = 28,
  rows_query = 29,
  write_rows = 30,
  update_rows = 31,
  delete_rows = 32,
  gtid = 33,
  anonymous_gtid = 34,
  previous_gtids = 35,
  transaction_context = 36,
  view_change = 37,
  xa_prepare = 38,
  partial_update_rows = 39,
  transaction_payload = 40,
  heartbeat_v2 = 41,
  gtid_tagged = 42,
  large_transaction_header = 43,
  aurora_padding = 100,
  annotate_rows = 160,
  binlog_checkpoint = 161,
  mariadb_gtid = 162,
  gtid_list = 163,
  start_encryption = 164,
  query_compressed = 165,
  write_rows_compressed_v1 = 166,
  update_rows_compressed_v1 = 167,
  delete_rows_compressed_v1 = 168,
  write_rows_compressed = 169,
  update_rows_compressed = 170,
  delete_rows_compressed = 171,
  partial_row_data = 172,
};
/// `UPDATE_ROWS_EVENT`-like, as the servers' own tools print it; `unknown event 99` never: "" when unknown.
std::string_view event_type_name(EventType type) noexcept;

/// Flags of the common header.
inline constexpr std::uint16_t flag_in_use = 0x1, flag_artificial = 0x20, flag_ignorable = 0x80;

/// Common header of a v4 binlog event: 19 bytes, little-endian. Source: mysql-server `Log_event_header`
/// (libs/mysql/binlog/event/binlog_event.h); MariaDB KB, "Binlog Event Header".
struct EventHeader {
  static constexpr std::size_t wire_size_bytes = 19;

  std::uint32_t created_at_s;  ///< Unix seconds on the origin server; 0 in artificial events.
  EventType type;              ///< May hold a number with no enumerator.
  std::uint32_t server_id;     ///< Server that first executed the change, not the one we read.
  std::uint32_t size_bytes;    ///< Header + body + checksum trailer.
  std::uint32_t end_pos;       ///< First byte after this event, modulo 2^32; 0 if artificial.
  std::uint16_t flags;

  /// On a short or impossible header `r.failed()` is set and the result is meaningless.
  static EventHeader parse(Reader& r) noexcept {
    EventHeader h{};
    const auto bytes = r.take(wire_size_bytes);
    if (r.failed()) return h;
    const auto load = [&](std::size_t at, auto& field) { std::memcpy(&field, bytes.data() + at, sizeof field); };
    load(0, h.created_at_s);
    load(4, h.type);
    load(5, h.server_id);
    load(9, h.size_bytes);
    load(13, h.end_pos);
    load(17, h.flags);
    if (h.size_bytes < wire_size_bytes) r.fail();
    return h;
  }
};

enum class ChecksumAlgorithm : std::uint8_t { none = 0, crc32 = 1, undefined = 255 };
inline constexpr std::size_t checksum_size_bytes = 4;

/// What FORMAT_DESCRIPTION (15) says of the file that follows.
struct FormatDescription {
  std::string server_version;  ///< e.g. `8.0.45`, `10.11.19-MariaDB-log`.
  bool mariadb = false;
  std::uint32_t version_number = 0;  ///< major*10000 + minor*100 + patch of server_version.
  std::uint32_t created_at_s = 0;
  ChecksumAlgorithm checksum = ChecksumAlgorithm::none;
  bool alpha_numbers = false;                   ///< Of an alpha (5.1, 5.2) whose event types carry other numbers: not to be read.
  std::vector<std::uint8_t> post_header_sizes;  ///< Index = type - 1.

  /// From a whole event, header and trailer included. False when malformed or not version 4.
  static bool parse(std::span<const std::byte> event, FormatDescription& out);
  /// 6-byte table ids unless the file says 4.
  std::size_t table_id_size_bytes(EventType type) const noexcept;
};

/// A reader over the event's body, between header and trailer, whose offsets count from the event's
/// start. `failed()` when the event is shorter than the two.
inline Reader event_body(std::span<const std::byte> event, ChecksumAlgorithm checksum) noexcept {
  const std::size_t trailer_bytes = checksum == ChecksumAlgorithm::crc32 ? checksum_size_bytes : 0;
  if (event.size() >= EventHeader::wire_size_bytes + trailer_bytes)
    return Reader{event.first(event.size() - trailer_bytes).subspan(EventHeader::wire_size_bytes), EventHeader::wire_size_bytes};
  Reader short_event{event};
  short_event.fail();
  return short_event;
}

/// zlib's CRC32 over the event but its last four bytes, against those; an FDE is taken with its
/// IN_USE flag cleared. True when equal.
bool checksum_matches(std::span<const std::byte> event, bool is_format_description) noexcept;

}  // namespace cdc::binlog
