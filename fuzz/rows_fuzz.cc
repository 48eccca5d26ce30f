// Contract under fuzz: no crash, no sanitizer report, no exception but cdc::Error. Values stay inside the event and can be printed; an
// image never moves backwards.
// Input: one byte of flags (1 written by MariaDB; the rest selects the type of rows event), two bytes that say how long the body of
// TABLE_MAP is, that body, then the body of the rows event. The ids need not agree.

#include <cstdint>

#include "cdc/base/error.h"
#include "cdc/binlog/inflater.h"
#include "cdc/binlog/row_decoder.h"
#include "cdc/binlog/rows_event.h"
#include "render.h"

namespace cdc::binlog {
namespace {

constexpr EventType types[] = {EventType::write_rows_v1,
                               EventType::update_rows_v1,
                               EventType::delete_rows_v1,
                               EventType::write_rows,
                               EventType::update_rows,
                               EventType::delete_rows,
                               EventType::write_rows_compressed,
                               EventType::update_rows_compressed_v1,
                               EventType::delete_rows_compressed,
                               EventType::partial_update_rows};

/// Rows to their end or their first fault.
void decode(const RowLayout& layout, const RowsView& view, Reader rows) {
  Arena scratch;
  RowDecoder decoder{scratch};
  std::vector<Value> slots(layout.slot_count);
  const std::size_t columns = layout.codecs.size();
  const PresentColumns images[] = {PresentColumns::of(view.present_before, view.kind == RowsKind::write ? 0 : columns),
                                   PresentColumns::of(view.present_after, view.kind == RowsKind::delete_ ? 0 : columns)};
  while (rows.remaining() != 0) {
    scratch.reset();
    const std::size_t left = rows.remaining();
    for (const PresentColumns& present : images) {
      if (present.bits.empty()) continue;
      if (view.partial_json && &present == &images[1]) {
        const PartialJson partial = PartialJson::read(rows, layout.json_columns.size());
        for (std::size_t i = 0; i < layout.json_columns.size(); ++i) require(!partial.has(i) || !partial.bits.empty(), "bits are there");
      }
      const ImageTraits traits = decoder.decode(layout, present, rows, slots);
      require(!rows.failed(), "a decoded image was there");
      for (const Value& value : slots) {
        require(traits.marked || value.mark == ValueMark::none, "marks are told");
        require(traits.partial || value.kind != ValueKind::absent, "absent values are told");
        render(value);
      }
    }
    require(rows.remaining() <= left, "forward only");
    if (rows.remaining() == left) return;
  }
}

void check(std::span<const std::byte> input) {
  Reader r{input};
  const unsigned flags = r.u8();
  const bool mariadb = (flags & 1) != 0;
  TableMap map;
  if (!TableMap::parse(r.sub(r.u16()), {6, mariadb, true}, map)) return;
  RowsView view;
  if (!RowsView::parse(types[(flags >> 1) % std::size(types)], r, 6, view) || view.column_count != map.columns.size()) return;
  try {
    const RowLayout layout = RowLayout::compile(map, uses_of(map));
    if (!view.compressed) return decode(layout, view, view.rows);
    Inflater inflater;
    if (const auto plain = inflater.inflate(view.rows.rest())) decode(layout, view, Reader{*plain});
  } catch (const Error&) {
  }
}

}  // namespace
}  // namespace cdc::binlog

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cdc::binlog::check(std::as_bytes(std::span{data, size}));
  return 0;
}
