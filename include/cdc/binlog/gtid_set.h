#pragma once

/// Sets of global transaction ids, both products': parse, render, add, compare.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/base/output_buffer.h"
#include "cdc/base/reader.h"

namespace cdc::binlog {

using Uuid = std::array<std::byte, 16>;

/// Closed interval of transaction numbers, 1-based.
struct GtidInterval {
  std::int64_t first = 0, last = 0;
  bool operator==(const GtidInterval&) const = default;
};

/// Largest transaction number MySQL hands out.
inline constexpr std::int64_t gtid_number_max = INT64_MAX - 1;

/// MySQL's `uuid:1-5:7:tag:1-3,uuid2:1`. Intervals are kept sorted, disjoint and merged. Not thread-safe.
class MysqlGtidSet {
 public:
  /// White space around parts is allowed, as servers print it; tags become lower case. Throws Error(position_invalid).
  static MysqlGtidSet parse(std::string_view text);
  /// The binary form of PREVIOUS_GTIDS and COM_BINLOG_DUMP_GTID, versions 0 and 1, to the reader's
  /// end. On malformed input `r.failed()` and the result is empty.
  static MysqlGtidSet parse_wire(Reader& r);
  /// Version 0 unless there is a tag: servers before 8.3 know no other.
  std::string to_wire() const;
  std::string to_text() const;
  /// The same text, kept between calls: after an `add` of the next number only digits change in it.
  /// Valid until the next call on this object.
  std::string_view text();
  void append_text(std::string& out) { out += text(); }
  void append_text(OutputBuffer& out) { out.append(text()); }

  /// `gno` in 1..gtid_number_max. A few ns when it is the next of the source that was added to last.
  void add(const Uuid& uuid, std::string_view tag, std::int64_t gno);
  bool contains(const Uuid& uuid, std::string_view tag, std::int64_t gno) const noexcept;
  bool contains(const MysqlGtidSet& other) const;
  /// What is here and not in `other`.
  MysqlGtidSet minus(const MysqlGtidSet& other) const;
  void merge(const MysqlGtidSet& other);
  bool empty() const noexcept { return sources_.empty(); }
  bool operator==(const MysqlGtidSet& other) const { return sources_ == other.sources_; }

 private:
  struct Source {
    Uuid uuid{};
    std::string tag;
    std::vector<GtidInterval> intervals;
    std::size_t number_end_at = 0;  ///< In `text_`: behind the last number.

    bool is(const Uuid& other_uuid, std::string_view other_tag) const noexcept {
      return std::memcmp(uuid.data(), other_uuid.data(), sizeof uuid) == 0 && tag == other_tag;
    }
    bool operator==(const Source& o) const { return is(o.uuid, o.tag) && intervals == o.intervals; }
  };

  std::size_t lower_bound(const Uuid& uuid, std::string_view tag) const noexcept;
  Source& source(const Uuid& uuid, std::string_view tag);
  const Source* find(const Uuid& uuid, std::string_view tag) const noexcept;
  void count_up_text(const Source& source);
  static bool parse_source(Reader& r, bool tagged, Source& out);

  std::vector<Source> sources_;  ///< Sorted by uuid, then tag.
  std::size_t hot_ = 0;          ///< The source added to last, maybe past the end.
  std::string text_;             ///< Of the whole set; empty = to be rendered.
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
  /// White space around parts is allowed. Throws Error(position_invalid).
  static MariadbGtidPosition parse(std::string_view text);
  std::string to_text() const;
  void append_text(std::string& out) const;
  void append_text(OutputBuffer& out) const;
  void set(const MariadbGtid& gtid);
  /// Null when the domain is unknown. Valid until the next `set`.
  const MariadbGtid* find(std::uint32_t domain) const noexcept;
  bool empty() const noexcept { return last_.empty(); }
  const std::vector<MariadbGtid>& all() const noexcept { return last_; }
  bool operator==(const MariadbGtidPosition&) const = default;

 private:
  std::vector<MariadbGtid> last_;
};

inline constexpr std::size_t uuid_text_bytes = 36;
char* write_uuid(char* out, const Uuid& uuid) noexcept;  ///< Lower case with dashes, uuid_text_bytes long.
std::string uuid_to_text(const Uuid& uuid);
bool uuid_from_text(std::string_view text, Uuid& out) noexcept;  ///< With or without dashes, any case.

}  // namespace cdc::binlog
