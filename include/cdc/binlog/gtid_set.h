#pragma once

/// Sets of global transaction ids, both products': parse, render, add, compare.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/base/reader.h"

namespace cdc::binlog {

using Uuid = std::array<std::byte, 16>;

/// Closed interval of transaction numbers, 1-based.
struct GtidInterval {
  std::int64_t first = 0, last = 0;
  bool operator==(const GtidInterval&) const = default;
};

/// MySQL's `uuid:1-5:7,uuid2:tag:1-3`. Intervals are kept sorted, disjoint and merged.
class MysqlGtidSet {
 public:
  /// Throws Error(position_invalid).
  static MysqlGtidSet parse(std::string_view text);
  /// The binary form of PREVIOUS_GTIDS and COM_BINLOG_DUMP_GTID, versions 0 and 1. `r.failed()` on malformed input.
  static MysqlGtidSet parse_wire(Reader& r);
  std::string to_wire() const;
  std::string to_text() const;

  void add(const Uuid& uuid, std::string_view tag, std::int64_t gno);
  bool contains(const Uuid& uuid, std::string_view tag, std::int64_t gno) const noexcept;
  bool contains(const MysqlGtidSet& other) const;
  /// What is here and not in `other`.
  MysqlGtidSet minus(const MysqlGtidSet& other) const;
  void merge(const MysqlGtidSet& other);
  bool empty() const noexcept { return sources_.empty(); }
  bool operator==(const MysqlGtidSet&) const = default;

 private:
  struct Source {
    Uuid uuid{};
    std::string tag;
    auto operator<=>(const Source&) const = default;
  };
  std::map<Source, std::vector<GtidInterval>> sources_;
};

/// One MariaDB GTID: `domain-server-sequence`.
struct MariadbGtid {
  std::uint32_t domain = 0, server = 0;
  std::uint64_t sequence = 0;
  bool operator==(const MariadbGtid&) const = default;
};

/// MariaDB's position: the last GTID of each domain, `0-1-7,1-1-3`, sorted by domain.
class MariadbGtidPosition {
 public:
  static MariadbGtidPosition parse(std::string_view text);
  std::string to_text() const;
  void set(const MariadbGtid& gtid);
  /// Null when the domain is unknown. Valid until the next `set`.
  const MariadbGtid* find(std::uint32_t domain) const noexcept;
  bool empty() const noexcept { return last_.empty(); }
  const std::vector<MariadbGtid>& all() const noexcept { return last_; }
  bool operator==(const MariadbGtidPosition&) const = default;

 private:
  std::vector<MariadbGtid> last_;
};

std::string uuid_to_text(const Uuid& uuid);
bool uuid_from_text(std::string_view text, Uuid& out) noexcept;  ///< With or without dashes, any case.

}  // namespace cdc::binlog
