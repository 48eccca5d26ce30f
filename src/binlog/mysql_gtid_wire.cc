#include <algorithm>

#include "cdc/binlog/gtid_set.h"
#include "gtid_tag.h"

namespace cdc::binlog {
namespace {

constexpr std::size_t interval_wire_bytes = 16;
constexpr std::uint64_t tagged_version = 1;

void put_u64(std::string& out, std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(value >> shift & 0xff));
}

/// A varint of one byte: the length, shifted.
bool parse_tag(Reader& r, std::string& out) {
  const std::uint8_t prefix = r.u8();
  out = r.text(prefix / 2U);
  return prefix % 2 == 0 && (out.empty() || is_gtid_tag(out));
}

bool parse_intervals(Reader& r, std::vector<GtidInterval>& out) {
  const std::uint64_t count = r.u64();
  if (count == 0 || count > r.remaining() / interval_wire_bytes) return false;
  out.reserve(static_cast<std::size_t>(count));
  std::uint64_t previous_end = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t first = r.u64(), end = r.u64();
    if (first <= previous_end || end <= first || end > INT64_MAX) return false;
    out.push_back({static_cast<std::int64_t>(first), static_cast<std::int64_t>(end - 1)});
    previous_end = end;
  }
  return true;
}

}  // namespace

bool MysqlGtidSet::parse_source(Reader& r, bool tagged, Source& out) {
  const auto uuid = r.take(out.uuid.size());
  std::ranges::copy(uuid, out.uuid.begin());
  return (!tagged || parse_tag(r, out.tag)) && parse_intervals(r, out.intervals);
}

MysqlGtidSet MysqlGtidSet::parse_wire(Reader& r) {
  MysqlGtidSet out;
  const std::uint64_t head = r.u64();
  const std::uint64_t version = head >> 56;
  const bool tagged = version == tagged_version && (head & 0xff) == tagged_version;
  if (version != 0 && !tagged) r.fail();
  // Counts no bytes can back fail at the first source that is not there.
  for (std::uint64_t left = tagged ? head << 8 >> 16 : head; left != 0 && !r.failed(); --left)
    if (!parse_source(r, tagged, out.sources_.emplace_back())) r.fail();
  if (r.remaining() != 0) r.fail();
  const auto less = [](const Source& a, const Source& b) { return a.uuid != b.uuid ? a.uuid < b.uuid : a.tag < b.tag; };
  if (!std::ranges::is_sorted(out.sources_, less)) std::ranges::sort(out.sources_, less);
  const auto twice = [](const Source& a, const Source& b) { return a.is(b.uuid, b.tag); };
  if (std::ranges::adjacent_find(out.sources_, twice) != out.sources_.end()) r.fail();
  if (r.failed()) out.sources_.clear();
  return out;
}

std::string MysqlGtidSet::to_wire() const {
  const bool tagged = std::ranges::any_of(sources_, [](const Source& s) { return !s.tag.empty(); });
  std::string out;
  put_u64(out, tagged ? tagged_version << 56 | sources_.size() << 8 | tagged_version : sources_.size());
  for (const Source& s : sources_) {
    out.append(reinterpret_cast<const char*>(s.uuid.data()), s.uuid.size());
    if (tagged) out.push_back(static_cast<char>(s.tag.size() * 2)), out += s.tag;
    put_u64(out, s.intervals.size());
    for (const GtidInterval& interval : s.intervals) {
      put_u64(out, static_cast<std::uint64_t>(interval.first));
      put_u64(out, static_cast<std::uint64_t>(interval.last) + 1);
    }
  }
  return out;
}

}  // namespace cdc::binlog
