#include "cdc/binlog/control_events.h"

#include <algorithm>

namespace cdc::binlog {
namespace {

/// Whether all was read, and nothing past the end.
bool complete(const Reader& r) noexcept { return !r.failed() && r.remaining() == 0; }

enum class HeartbeatField : std::uint64_t { end = 0, file = 1, position = 2 };

/// Type, length and value are all length-encoded; unknown types are stepped over.
bool parse_heartbeat_fields(Reader r, HeartbeatEvent& out) noexcept {
  out.position_is_whole = false;
  while (!r.failed()) {
    const auto field = static_cast<HeartbeatField>(r.lenenc());
    if (r.failed() || field == HeartbeatField::end) break;
    Reader value = r.sub(r.lenenc());
    if (field == HeartbeatField::file) out.file = value.text(value.remaining());
    if (field == HeartbeatField::position) out.position = value.lenenc(), out.position_is_whole = true;
    if (value.failed()) return false;
  }
  return !r.failed() && out.position_is_whole;
}

}  // namespace

bool RotateEvent::parse(Reader body, RotateEvent& out) noexcept {
  out.position = body.u64();
  out.file = body.text(body.remaining());
  return !body.failed() && !out.file.empty();
}

bool XidEvent::parse(Reader body, XidEvent& out) noexcept {
  out.xid = body.u64();
  return complete(body);
}

bool XaPrepareEvent::parse(Reader body, XaPrepareEvent& out) noexcept {
  out.one_phase = body.u8() != 0;
  out.name.format = body.u32();
  const std::uint32_t global_bytes = body.u32(), branch_bytes = body.u32();
  if (global_bytes > XaName::part_max_bytes || branch_bytes > XaName::part_max_bytes) return false;
  out.name.global = body.text(global_bytes);
  out.name.branch = body.text(branch_bytes);
  return complete(body);
}

bool IncidentEvent::parse(Reader body, IncidentEvent& out) noexcept {
  out.number = body.u16();
  out.message = body.text(body.u8());
  return complete(body);
}

bool RowsQueryEvent::parse(EventType type, Reader body, RowsQueryEvent& out) noexcept {
  // MySQL puts a length in front that a long statement overflows: it means nothing.
  if (type == EventType::rows_query) body.u8();
  out.sql = body.text(body.remaining());
  return !body.failed();
}

bool StartEncryptionEvent::parse(Reader body, StartEncryptionEvent& out) noexcept {
  out.scheme = body.u8();
  out.key_version = body.u32();
  std::ranges::copy(body.take(out.nonce.size()), out.nonce.begin());
  return complete(body);
}

bool HeartbeatEvent::parse(const EventHeader& header, Reader body, bool mariadb, HeartbeatEvent& out) noexcept {
  out = {};
  if (header.type == EventType::heartbeat_v2) return parse_heartbeat_fields(body, out);
  const bool beyond_header = mariadb && header.end_pos == 0;
  out.position = beyond_header ? body.u64() : header.end_pos;
  out.position_is_whole = mariadb;
  out.file = body.text(body.remaining());
  return !body.failed();
}

}  // namespace cdc::binlog
