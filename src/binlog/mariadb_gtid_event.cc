#include "cdc/binlog/gtid_events.h"

namespace cdc::binlog {
namespace {

constexpr std::uint32_t list_count_mask = 0x0FFFFFFF;
constexpr unsigned list_flags_shift = 28;
constexpr std::size_t list_entry_bytes = 16;

MariadbGtid read_list_entry(Reader& r) noexcept {
  MariadbGtid out;
  out.domain = r.u32();
  out.server = r.u32();
  out.sequence = r.u64();
  return out;
}

void parse_xa_name(Reader& r, XaName& out) noexcept {
  out.format = r.u32();
  const std::uint8_t global_bytes = r.u8(), branch_bytes = r.u8();
  if (global_bytes > XaName::part_max_bytes || branch_bytes > XaName::part_max_bytes) return r.fail();
  out.global = r.text(global_bytes);
  out.branch = r.text(branch_bytes);
}

/// In this order, each only with its flag.
void parse_extras(Reader& r, MariadbGtidEvent& out) noexcept {
  using E = MariadbGtidEvent;
  out.extra_flags = r.u8();
  if (out.has_extra(E::multi_engine)) r.u8();
  if (out.has_extra(E::commit_alter) || out.has_extra(E::rollback_alter)) out.start_alter_sequence = r.u64();
  if (out.has_extra(E::has_thread_id)) out.thread_id = r.u32();
}

}  // namespace

bool MariadbGtidEvent::parse(const EventHeader& header, Reader body, MariadbGtidEvent& out) noexcept {
  out = {};
  out.gtid.server = header.server_id;
  out.gtid.sequence = body.u64();
  out.gtid.domain = body.u32();
  out.flags = body.u8();
  if (out.has(group_commit)) out.commit_id = body.u64();
  if (out.has(prepared_xa) || out.has(completed_xa)) parse_xa_name(body, out.xa);
  if (body.remaining() != 0) parse_extras(body, out);
  return !body.failed();  // zeros may follow: padding to the fixed size, or to any
}

bool GtidListEvent::parse(Reader body, GtidListEvent& out) noexcept {
  const std::uint32_t head = body.u32();
  out.count = head & list_count_mask;
  out.flags = static_cast<std::uint8_t>(head >> list_flags_shift);
  out.entries_ = body.sub(out.count * std::uint64_t{list_entry_bytes});
  return !body.failed() && !out.entries_.failed();
}

MariadbGtidPosition GtidListEvent::position() const {
  MariadbGtidPosition out;
  for (Reader r = entries_; r.remaining() != 0;) out.set(read_list_entry(r));
  return out;
}

}  // namespace cdc::binlog
