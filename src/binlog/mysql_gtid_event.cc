#include <algorithm>

#include "cdc/binlog/gtid_events.h"
#include "tagged_gtid.h"

namespace cdc::binlog {
namespace {

constexpr std::uint8_t logical_timestamps = 2;
constexpr std::uint64_t original_time_follows = std::uint64_t{1} << 55;
constexpr std::uint32_t original_version_follows = std::uint32_t{1} << 31;

/// 5.7 and later: how far transactions may run in parallel.
void parse_logical_timestamps(Reader& r, MysqlGtidEvent& out) noexcept {
  if (r.u8() != logical_timestamps) return static_cast<void>(r.take(r.remaining()));
  out.last_committed = static_cast<std::int64_t>(r.u64());
  out.sequence_number = static_cast<std::int64_t>(r.u64());
}

/// 8.0 and later. Microseconds in seven bytes.
void parse_commit_times(Reader& r, MysqlGtidEvent& out) noexcept {
  const std::uint64_t immediate = r.uint_le(7);
  const bool original_follows = (immediate & original_time_follows) != 0;
  out.immediate_commit_us = immediate & ~original_time_follows;
  out.original_commit_us = original_follows ? r.uint_le(7) : out.immediate_commit_us;
}

void parse_versions(Reader& r, MysqlGtidEvent& out) noexcept {
  const std::uint32_t immediate = r.u32();
  const bool original_follows = (immediate & original_version_follows) != 0;
  out.immediate_version = immediate & ~original_version_follows;
  out.original_version = original_follows ? r.u32() : out.immediate_version;
}

/// Each version appended a field: what is not there any more was not known to the writer. A
/// commit group ticket and what a later version may append behind it say nothing to us.
void parse_fixed(Reader& r, MysqlGtidEvent& out) noexcept {
  out.flags = r.u8();
  std::ranges::copy(r.take(out.uuid.size()), out.uuid.begin());
  out.number = static_cast<std::int64_t>(r.u64());
  if (r.remaining() != 0) parse_logical_timestamps(r, out);
  if (r.remaining() != 0) parse_commit_times(r, out);
  if (r.remaining() != 0) out.transaction_bytes = r.lenenc();
  if (r.remaining() != 0) parse_versions(r, out);
  if (r.remaining() != 0) r.u64();
}

}  // namespace

bool MysqlGtidEvent::parse(EventType type, Reader body, MysqlGtidEvent& out) noexcept {
  out = {};
  out.anonymous = type == EventType::anonymous_gtid;
  if (type == EventType::gtid_tagged)
    parse_tagged(body, out);
  else
    parse_fixed(body, out);
  if (body.failed()) return false;
  return out.anonymous ? out.number == 0 : out.number >= 1 && out.number <= gtid_number_max;
}

}  // namespace cdc::binlog
