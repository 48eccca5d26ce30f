// Contract under fuzz: nothing but Error(value_malformed), no crash, no sanitizer report; every value that is decoded renders as text
// within its room, and decimals and temporals print the text they were read from. Input: four bytes of a field (operation, kind, precision
// or size, fraction digits or coding), then the text of one column; the same bytes are also taken as a whole row of two.

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include "cdc/base/error.h"
#include "cdc/select/row_decoder.h"
#include "render.h"

namespace cdc::select {
namespace {

constexpr ValueKind data_kinds[] = {ValueKind::bytes, ValueKind::geometry, ValueKind::vector, ValueKind::uuid, ValueKind::inet};

Field field_of(const std::uint8_t* head) {
  Field field;
  field.op = static_cast<FieldOp>(head[0] % (static_cast<unsigned>(FieldOp::data) + 1));
  field.precision = head[2];
  field.fraction_digits = head[3] % 7;
  if (field.op == FieldOp::decimal) field.fraction_digits = head[3];
  if (field.op == FieldOp::text)
    field.coding = static_cast<charset::TextCoding>(head[3] % (static_cast<unsigned>(charset::TextCoding::ujis) + 1));
  if (field.op == FieldOp::ordinal) field.kind = head[1] % 2 == 0 ? ValueKind::enum_index : ValueKind::set_bits;
  if (field.op == FieldOp::data) field.kind = data_kinds[head[1] % std::size(data_kinds)];
  if (field.kind == ValueKind::uuid) field.size_bytes = 16;
  if (field.kind == ValueKind::inet) field.size_bytes = head[2] % 2 == 0 ? 4 : 16;
  return field;
}

/// A bit pattern says everything of these, and the server prints it in one way only.
void check_same_text(const Field& field, const Value& value, std::string_view text) {
  char room[std::max(temporal_text_max_bytes, decimal_text_max_bytes)];
  const bool temporal =
      field.op == FieldOp::date || field.op == FieldOp::datetime || field.op == FieldOp::timestamp || field.op == FieldOp::time;
  if (temporal && text != "-00:00:00" && !text.starts_with("-00:00:00.0"))
    require(std::string_view(room, static_cast<std::size_t>(write_temporal(room, value) - room)) == text, "a temporal's text comes back");
  if (field.op != FieldOp::decimal) return;
  const char* const end = write_decimal(room, value.bytes(), value.precision, value.fraction_digits);
  require(end != nullptr, "a packed decimal has a text");
  require(text.ends_with(std::string_view(room, static_cast<std::size_t>(end - room)).substr(room[0] == '-' ? 1 : 0)),
          "a decimal's text comes back, but for leading zeros");
}

void check(const Field& field, std::string_view text) {
  const RowPlan plan{"`t`", "`c`", {field}, {"c"}};
  Arena scratch;
  RowDecoder decoder{scratch};
  std::string row;
  const std::optional<std::string_view> fields[] = {text};
  mysql::pack_row(row, fields);
  Value value;
  try {
    decoder.decode(plan, std::as_bytes(std::span{row}), {&value, 1});
  } catch (const Error& error) {
    return require(error.code() == ErrorCode::value_malformed, "a bad text is a malformed value");
  }
  render(value);
  check_same_text(field, value, text);
}

void check_row(const Field& field, std::string_view bytes) {
  const RowPlan plan{"`t`", "`c`, `d`", {field, {.op = FieldOp::data}}, {"c", "d"}};
  Arena scratch;
  RowDecoder decoder{scratch};
  Value values[2];
  try {
    decoder.decode(plan, std::as_bytes(std::span{bytes}), values);
  } catch (const Error& error) {
    return require(error.code() == ErrorCode::value_malformed, "a bad row is a malformed value");
  }
  for (const Value& value : values) render(value);
}

}  // namespace
}  // namespace cdc::select

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t head_bytes = 4;
  if (size < head_bytes) return 0;
  const std::unique_ptr<char[]> text{new char[size - head_bytes]};
  std::memcpy(text.get(), data + head_bytes, size - head_bytes);
  cdc::select::check(cdc::select::field_of(data), {text.get(), size - head_bytes});
  cdc::select::check_row(cdc::select::field_of(data), {text.get(), size - head_bytes});
  return 0;
}
