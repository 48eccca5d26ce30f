#include "record_writer.h"

#include <fmt/format.h>

#include "cdc/base/error.h"

namespace cdc::opencdc {
namespace {

/// Tags of the messages: field number and wire type.
constexpr char tag_record = 0x0a, tag_key = 0x22, tag_payload = 0x2a, tag_before = 0x0a, tag_after = 0x12;
constexpr char tag_raw = 0x0a, tag_struct = 0x12;
/// Heads of all frames.
constexpr std::size_t frames_bytes = 8 * (1 + varint_max_bytes);
/// Protobuf's own limit is 2 GiB a message.
constexpr std::size_t message_bytes_max = (std::size_t{2} << 30) - (std::size_t{1} << 20);

const SchemaId* id_of(const ImageForm& form) noexcept { return form.avro == nullptr ? nullptr : &*form.avro->id; }

std::size_t key_data_bytes(const TableSchema& table, std::span<const Value> values) noexcept {
  if (table.key.empty()) return data_bytes(values);
  std::size_t sum = 0;
  for (const std::size_t index : table.key) sum += data_bytes(values.subspan(index, 1));
  return sum;
}

std::size_t image_size_max(const ImageForm& form, std::span<const Value> values) noexcept {
  return values.empty() ? 0 : form.size_max(form.grows() ? data_bytes(values) : 0);
}

char* write_image(char* out, char tag, const ImageForm& form, std::span<const Value> values, std::size_t size_max, HeadWidth& width) {
  if (values.empty()) return out;
  const std::size_t gap = width.gap(size_max, 2);
  char* const end = form.avro != nullptr ? form.avro->record.write(out + gap, values) : form.plain->write(out + gap, values);
  if (end == nullptr) return nullptr;
  return close_nested(out, gap, end, tag, form.avro != nullptr ? tag_raw : tag_struct, width);
}

}  // namespace

SchemaNames ImageForms::names() const noexcept {
  const SchemaId* const of_after = id_of(after);
  return {id_of(key), of_after != nullptr ? of_after : id_of(before)};
}

RecordSize::RecordSize(const RecordHead& head, const TableSchema& table, const Images& images, const ImageForms& forms)
    : key{forms.key.size_max(forms.key.grows() ? key_data_bytes(table, images.key) : 0)},
      before{image_size_max(forms.before, images.before)},
      after{image_size_max(forms.after, images.after)},
      record{head.size_max() + key + before + after + frames_bytes} {
  if (record <= message_bytes_max) return;
  throw Error{ErrorCode::payload_too_large, Remedy::operate,
              fmt::format("a row of `{}`.`{}` is larger than any message may be: 2 GiB with both its images", table.schema, table.table),
              "leave the large column out with columns.exclude, or SET GLOBAL binlog_row_image=NOBLOB"};
}

char* write_record(char* out, RecordHead& head, std::uint64_t n, const Images& images, const ImageForms& forms, const RecordSize& size,
                   HeadWidths& widths) {
  const std::size_t gap = widths.record.gap(size.record, 1);
  char* at = head.write(out + gap, n);
  at = write_image(at, tag_key, forms.key, images.key, size.key, widths.key);
  if (at == nullptr) return nullptr;

  char* const payload = at;
  const std::size_t payload_gap = widths.payload.gap(size.before + size.after + frames_bytes, 1);
  at = write_image(payload + payload_gap, tag_before, forms.before, images.before, size.before, widths.before);
  if (at == nullptr) return nullptr;
  at = write_image(at, tag_after, forms.after, images.after, size.after, widths.after);
  if (at == nullptr) return nullptr;
  at = close_message(payload, payload_gap, at, tag_payload, widths.payload);
  return close_message(out, gap, at, tag_record, widths.record);
}

}  // namespace cdc::opencdc
