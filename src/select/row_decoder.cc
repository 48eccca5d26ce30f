#include "cdc/select/row_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cdc/base/error.h"
#include "cdc/base/utf8.h"
#include "cdc/charset/text_value.h"
#include "cdc/model/decimal.h"
#include "temporal_text.h"

namespace cdc::select {
namespace {

constexpr std::size_t value_size_max_bytes = std::size_t{1} << 30;
constexpr std::size_t bit_max_bytes = 8;

template <class Number>
bool read_number(std::string_view text, Number& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

template <class Number>
bool read_integer(std::string_view text, ValueKind kind, Number& number, Value& out) noexcept {
  out.kind = kind;
  return read_number(text, number);
}

template <class Number>
bool read_real(std::string_view text, ValueKind kind, Value& out) noexcept {
  Number number{};
  out.kind = kind;
  if (!read_number(text, number)) return false;
  out.f64 = static_cast<double>(number);
  return std::isfinite(number);
}

bool read_decimal(std::string_view text, const Field& field, Arena& scratch, Value& out) {
  const std::size_t size_bytes = decimal_size_bytes(field.precision, field.fraction_digits);
  char* const packed = scratch.take(size_bytes);
  if (!pack_decimal(reinterpret_cast<std::byte*>(packed), text, field.precision, field.fraction_digits)) return false;
  set_data(out, ValueKind::decimal, {packed, size_bytes});
  out.precision = field.precision;
  out.fraction_digits = field.fraction_digits;
  return true;
}

/// Big-endian bytes, as few as the bits need.
bool read_bits(std::string_view text, const Field& field, Value& out) noexcept {
  if (text.size() > bit_max_bytes || text.size() != (field.precision + 7U) / 8) return false;
  out.kind = ValueKind::bits;
  out.precision = field.precision;
  out.u64 = 0;
  for (const char c : text) out.u64 = out.u64 << 8 | static_cast<unsigned char>(c);
  return field.precision == 64 || out.u64 >> field.precision == 0;
}

bool read_data(std::string_view text, const Field& field, Value& out) noexcept {
  constexpr std::size_t srid_bytes = 4;
  set_data(out, field.kind, text);
  if (field.kind == ValueKind::geometry) return text.size() >= srid_bytes;
  if (field.kind == ValueKind::vector) return text.size() % sizeof(float) == 0;
  return field.size_bytes == 0 || text.size() == field.size_bytes;
}

bool read_json(std::string_view text, Value& out) noexcept {
  set_data(out, ValueKind::text, text);
  return !text.empty() && is_valid_utf8(text);
}

bool read_bit_number(std::string_view text, const Field& field, Value& out) noexcept {
  out.precision = field.precision;
  return read_integer(text, ValueKind::bits, out.u64, out) && (field.precision >= 64 || out.u64 >> field.precision == 0);
}

/// The digits that the column does not have are cut off. They are zero, or the value would be another one.
bool without_surplus(std::string_view& text, const Field& field) noexcept {
  if (field.surplus_digits == 0) return true;
  const std::size_t cut = field.surplus_digits + (field.fraction_digits == 0 ? 1U : 0U);  // with the point
  if (text.size() < cut) return false;
  const std::string_view digits = text.substr(text.size() - field.surplus_digits);
  text.remove_suffix(cut);
  return digits.find_first_not_of('0') == std::string_view::npos;
}

/// 1-based; 0 = none of them.
std::size_t find_label(std::string_view label, const std::vector<std::string>& labels) noexcept {
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] == label) return i + 1;
  return 0;
}

/// The empty text that is no label is the error value.
bool read_label(std::string_view label, const std::vector<std::string>& labels, Value& out) noexcept {
  out.kind = ValueKind::enum_index;
  out.u64 = find_label(label, labels);
  return out.u64 != 0 || label.empty();
}

bool read_set(std::string_view text, const std::vector<std::string>& labels, Value& out) noexcept {
  out.kind = ValueKind::set_bits;
  out.u64 = 0;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::size_t index = find_label(text.substr(0, comma), labels);
    if (index == 0 || index > 64) return false;
    out.u64 |= std::uint64_t{1} << (index - 1);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return true;
}

/// ENUM and SET as text, once it is UTF-8 as the labels are.
bool read_labelled(const Field& field, const std::vector<std::string>& labels, std::string_view text, Arena& scratch, Value& out) {
  if (field.coding != charset::TextCoding::binary) {
    charset::set_text_value(out, text, field.coding, scratch);
    if (out.kind != ValueKind::text) return false;
    text = out.text();
    out = Value{};
  }
  return field.op == FieldOp::label ? read_label(text, labels, out) : read_set(text, labels, out);
}

bool read_value(const Field& field, std::string_view text, Arena& scratch, Value& out) {
  if (!without_surplus(text, field)) return false;
  switch (field.op) {
    case FieldOp::integer: return read_integer(text, ValueKind::int64, out.i64, out);
    case FieldOp::unsigned_integer: return read_integer(text, ValueKind::uint64, out.u64, out);
    case FieldOp::float32: return read_real<float>(text, ValueKind::float32, out);
    case FieldOp::float64: return read_real<double>(text, ValueKind::float64, out);
    case FieldOp::decimal: return read_decimal(text, field, scratch, out);
    case FieldOp::bit: return read_bits(text, field, out);
    case FieldOp::year: return read_year(text, out);
    case FieldOp::date: return read_date(text, out);
    case FieldOp::datetime: return read_datetime(text, field.fraction_digits, out);
    case FieldOp::timestamp: return read_timestamp(text, field.fraction_digits, out);
    case FieldOp::time: return read_time(text, field.fraction_digits, out);
    case FieldOp::ordinal: return read_integer(text, field.kind, out.u64, out);
    case FieldOp::text: return charset::set_text_value(out, text, field.coding, scratch), true;
    case FieldOp::json: return read_json(text, out);
    case FieldOp::data: return read_data(text, field, out);
    case FieldOp::bit_number: return read_bit_number(text, field, out);
    case FieldOp::label:
    case FieldOp::labels: return false;  // see read_field
  }
  return false;
}

bool read_field(const RowPlan& plan, std::size_t index, std::string_view text, Arena& scratch, Value& out) {
  const Field& field = plan.fields[index];
  if (text.size() > value_size_max_bytes) return false;
  if (field.op == FieldOp::label || field.op == FieldOp::labels) return read_labelled(field, plan.labels[index], text, scratch, out);
  return read_value(field, text, scratch, out);
}

[[noreturn]] void throw_malformed(std::string what) {
  throw Error{ErrorCode::value_malformed, Remedy::fix, std::move(what),
              "read the row with the server's own client; if that shows it, report this with the server version and the column's type"};
}

}  // namespace

bool RowDecoder::decode(const RowPlan& plan, mysql::PackedRow row, std::span<Value> out) {
  using Found = mysql::FieldReader::Found;
  if (out.size() != plan.fields.size()) throw_malformed(fmt::format("{}: no room for {} columns", plan.table, plan.fields.size()));
  mysql::FieldReader reader{row};
  bool marked = false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    Value& value = out[i];
    value = Value{};
    std::string_view text;
    const Found found = reader.next(text);
    if (found == Found::malformed)
      throw_malformed(fmt::format("{} column `{}`: the row ends before it or within it", plan.table, plan.names[i]));
    if (found == Found::null) {
      value.kind = ValueKind::null;
      continue;
    }
    if (!read_field(plan, i, text, scratch_, value))
      throw_malformed(fmt::format("{} column `{}`: what the server sent is no value of its type", plan.table, plan.names[i]));
    marked |= value.mark != ValueMark::none;
  }
  if (!reader.at_end()) throw_malformed(fmt::format("{}: a row of more than the {} columns that were asked for", plan.table, out.size()));
  return marked;
}

}  // namespace cdc::select
