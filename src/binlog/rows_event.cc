#include "cdc/binlog/rows_event.h"

#include "cdc/binlog/table_map.h"

namespace cdc::binlog {
namespace {

struct Form {
  bool known = false;
  RowsKind kind{};
  bool extra_data = false;  ///< v2: length-counted chunks before the column count.
  bool compressed = false;
  bool partial_json = false;
};

constexpr Form form_of(EventType type) noexcept {
  switch (type) {
    case EventType::write_rows_v1: return {true, RowsKind::write, false, false, false};
    case EventType::update_rows_v1: return {true, RowsKind::update, false, false, false};
    case EventType::delete_rows_v1: return {true, RowsKind::delete_, false, false, false};
    case EventType::write_rows: return {true, RowsKind::write, true, false, false};
    case EventType::update_rows: return {true, RowsKind::update, true, false, false};
    case EventType::delete_rows: return {true, RowsKind::delete_, true, false, false};
    case EventType::partial_update_rows: return {true, RowsKind::update, true, false, true};
    case EventType::write_rows_compressed_v1: return {true, RowsKind::write, false, true, false};
    case EventType::update_rows_compressed_v1: return {true, RowsKind::update, false, true, false};
    case EventType::delete_rows_compressed_v1: return {true, RowsKind::delete_, false, true, false};
    case EventType::write_rows_compressed: return {true, RowsKind::write, true, true, false};
    case EventType::update_rows_compressed: return {true, RowsKind::update, true, true, false};
    case EventType::delete_rows_compressed: return {true, RowsKind::delete_, true, true, false};
    default: return {};
  }
}

}  // namespace

bool is_rows_event(EventType type) noexcept { return form_of(type).known; }

bool RowsView::parse(EventType type, Reader body, std::size_t table_id_size_bytes, RowsView& out) noexcept {
  const Form form = form_of(type);
  if (!form.known) return false;
  out.kind = form.kind;
  out.compressed = form.compressed;
  out.partial_json = form.partial_json;
  out.table_id = body.uint_le(table_id_size_bytes);
  out.flags = body.u16();
  if (form.extra_data) {
    const std::uint16_t extra_bytes = body.u16();  // counts itself
    if (extra_bytes < 2) return false;
    body.take(extra_bytes - 2U);
  }
  out.column_count = body.lenenc();
  if (out.column_count > column_count_max) return false;
  const auto first = body.take((out.column_count + 7) / 8);
  out.present_before = form.kind == RowsKind::write ? std::span<const std::byte>{} : first;
  out.present_after = form.kind == RowsKind::delete_ ? std::span<const std::byte>{} : first;
  if (form.kind == RowsKind::update) out.present_after = body.take(first.size());
  out.rows = body.sub(body.remaining());
  return !body.failed();
}

}  // namespace cdc::binlog
