#pragma once

/// Logs in tests: events put together as a server writes them, with offsets, positions and checksums.

#include <libdeflate.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/binlog/event.h"

namespace cdc::capture {

/// Little-endian.
inline std::string le(std::uint64_t value, std::size_t width_bytes) {
  std::string out;
  for (std::size_t i = 0; i < width_bytes; ++i) out += static_cast<char>(value >> 8 * i & 0xFF);
  return out;
}
inline std::string byte(unsigned value) { return std::string(1, static_cast<char>(value)); }
/// A length byte and the text.
inline std::string counted(std::string_view text) { return byte(static_cast<unsigned>(text.size())).append(text); }

/// A row of the tables below: `id` INT, `name` VARCHAR(20); nullopt is NULL.
struct Row {
  std::uint32_t id = 0;
  std::optional<std::string> name;
};
inline std::string image(const Row& row) {
  return byte(row.name ? 0 : 2) + le(row.id, 4) + (row.name ? counted(*row.name) : std::string{});
}

enum class Key { none, id };

/// Body of a map of `shop`.<table> (id INT, name VARCHAR(20) in utf8mb4). Without `named` as with minimal metadata.
inline std::string map_body(std::string_view table = "t", std::uint64_t id = 77, Key key = Key::id, bool named = true,
                            std::string_view second = "name") {
  std::string out =
      le(id, 6) + le(1, 2) + counted("shop") + '\0' + counted(table) + '\0' + byte(2) + "\x03\x0f" + byte(2) + le(20, 2) + byte(2);
  if (!named) return out;
  out += byte(1) + counted(byte(0)) + byte(2) + counted("\xfc" + le(255, 2)) + byte(4) + counted(counted("id") + counted(second));
  return key == Key::id ? out + byte(8) + counted(byte(0)) : out;
}

/// Head of a v2 rows event over both columns; `images` is 2 for updates.
inline std::string rows_head(std::uint64_t id, bool statement_end, int images = 1) {
  return le(id, 6) + le(statement_end ? 1 : 0, 2) + le(2, 2) + byte(2) + std::string(static_cast<std::size_t>(images), '\x03');
}

inline constexpr std::string_view test_uuid = "00000000-0000-0000-0000-0000000000aa";

/// One log file. Each call adds an event behind the last one.
class LogScript {
 public:
  struct Event {
    std::uint64_t at;
    std::string bytes;
  };

  explicit LogScript(std::string_view version = "8.0.45", bool summed = true, std::uint64_t begin_at = 4) : at_{begin_at}, summed_{summed} {
    description(version);
  }

  const std::vector<Event>& events() const { return events_; }
  std::uint64_t end() const { return at_; }
  /// With the magic bytes, as on disk.
  std::string file() const {
    std::string out =
        "\xfe"
        "bin";
    for (const Event& event : events_) out += event.bytes;
    return out;
  }

  LogScript& event(binlog::EventType type, std::string_view body, unsigned flags = 0, std::uint32_t server_id = 1) {
    const std::uint64_t size = 19 + body.size() + (summed_ ? 4 : 0);
    std::string out = le(1'700'000'000, 4) + static_cast<char>(type) + le(server_id, 4) + le(size, 4) + le(at_ + size, 4) + le(flags, 2);
    out += body;
    if (summed_) out += le(libdeflate_crc32(0, out.data(), out.size()), 4);
    events_.push_back({at_, out});
    at_ += size;
    return *this;
  }
  LogScript& description(std::string_view version) {
    std::string padded{version};
    padded.resize(50);
    const bool summed = summed_;
    summed_ = true;  // its own sum is always there
    event(binlog::EventType::format_description, le(4, 2) + padded + le(0, 4) + '\x13' +
                                                     std::string(version.find("MariaDB") == std::string_view::npos ? 41 : 171, '\x08') +
                                                     byte(summed ? 1 : 0));
    summed_ = summed;
    return *this;
  }
  LogScript& gtid(std::uint64_t number) {
    return event(binlog::EventType::gtid, byte(1) + std::string(15, '\0') + byte(0xAA) + le(number, 8));
  }
  LogScript& anonymous() { return event(binlog::EventType::anonymous_gtid, byte(1) + std::string(16, '\0') + le(0, 8)); }
  LogScript& mariadb_gtid(std::uint64_t sequence, unsigned flags = 0, std::uint32_t domain = 0) {
    return event(binlog::EventType::mariadb_gtid, le(sequence, 8) + le(domain, 4) + byte(flags) + std::string(6, '\0'), 0, 9);
  }
  LogScript& query(std::string_view sql, std::string_view schema = "shop") {
    return event(binlog::EventType::query, query_body(sql, schema));
  }
  LogScript& begin() { return query("BEGIN"); }
  LogScript& xid() { return event(binlog::EventType::xid, le(5, 8)); }
  LogScript& map(std::string_view table = "t", std::uint64_t id = 77, Key key = Key::id) {
    return event(binlog::EventType::table_map, map_body(table, id, key));
  }
  LogScript& insert(std::vector<Row> rows, bool statement_end = true, std::uint64_t id = 77) {
    std::string body = rows_head(id, statement_end);
    for (const Row& row : rows) body += image(row);
    return event(binlog::EventType::write_rows, body);
  }
  LogScript& remove(const Row& row, std::uint64_t id = 77) {
    return event(binlog::EventType::delete_rows, rows_head(id, true) + image(row));
  }
  LogScript& update(const Row& before, const Row& after, std::uint64_t id = 77) {
    return event(binlog::EventType::update_rows, rows_head(id, true, 2) + image(before) + image(after));
  }
  static std::string query_body(std::string_view sql, std::string_view schema = "shop") {
    return le(7, 4) + le(0, 4) + byte(static_cast<unsigned>(schema.size())) + le(0, 2) + le(0, 2) + std::string{schema} + '\0' +
           std::string{sql};
  }

 private:
  std::uint64_t at_;
  bool summed_;
  std::vector<Event> events_;
};

/// A stored (not compressed) TRANSACTION_PAYLOAD of a transaction's events.
inline std::string payload(const LogScript& log) {
  std::string events;
  for (std::size_t i = 1; i < log.events().size(); ++i) events += log.events()[i].bytes;
  return byte(2) + byte(3) + byte(0xfc) + le(255, 2) + byte(1) + byte(3) + byte(0xfc) + le(events.size(), 2) + byte(0) + events;
}

}  // namespace cdc::capture
