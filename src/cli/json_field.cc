#include "json_field.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "cdc/base/numbers.h"
#include "cdc/model/decimal.h"
#include "cdc/model/temporal.h"
#include "cdc/model/value_text.h"
#include "json_text.h"

namespace cdc::cli {
namespace {

using opencdc::Conversion;
using opencdc::PlainCoding;
using opencdc::PlainKind;
using opencdc::PlainValue;

/// Longest text of any value without data of its own, with quotes; a decimal's too.
constexpr std::size_t small_value_bytes = decimal_text_max_bytes + 2;
/// What a large value is written in: a multiple of 3 (base64) and of 4 (vectors).
constexpr std::size_t piece_bytes = std::size_t{12} << 10;

template <class Write>
char* quoted(char* out, Write&& write) {
  *out++ = '"';
  out = write(out);
  *out++ = '"';
  return out;
}

char* write_chars(char* out, std::string_view text) noexcept {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

/// Beyond 2^63-1 the Avro form is text, and so is what a destination prints.
char* write_unsigned(char* out, std::uint64_t number) noexcept {
  if (number >> 63 == 0) return write_uint(out, number);
  return quoted(out, [&](char* at) { return write_uint(at, number); });
}

/// Go prints exponents with two digits.
char* pad_exponent(char* begin, char* end) noexcept {
  if (end - begin < 4 || end[-3] != 'e') return end;
  *end = end[-1];
  end[-1] = '0';
  return end + 1;
}

template <class Float>
char* write_number(char* out, Float value) noexcept {
  if (std::isnan(value)) return write_chars(out, "\"NaN\"");
  if (std::isinf(value)) return write_chars(out, value < 0 ? "\"-Infinity\"" : "\"Infinity\"");
  if constexpr (sizeof(Float) == sizeof(float)) return pad_exponent(out, write_float(out, value));
  return pad_exponent(out, write_double(out, value));
}

/// Each number after a comma.
char* write_vector_items(char* out, std::string_view data) noexcept {
  for (; data.size() >= sizeof(float); data.remove_prefix(sizeof(float))) {
    float item;
    std::memcpy(&item, data.data(), sizeof item);
    *out++ = ',';
    out = write_number(out, item);
  }
  return out;
}

char* write_vector(char* out, const Value& value) noexcept {
  char* end = write_vector_items(out, value.text());
  if (end == out) ++end;
  *out = '[';
  *end++ = ']';
  return end;
}

char* write_geometry(char* out, const Value& value) noexcept {
  const Ewkb ewkb = to_ewkb(value);
  return quoted(out,
                [&](char* at) { return write_base64(write_base64(at, ewkb.head, ewkb.head_size), ewkb.rest.data(), ewkb.rest.size()); });
}

/// Writes `data` in pieces that `write(out, piece)` turns into at most `factor` times their size.
template <class Write>
void in_pieces(Output& out, std::string_view data, std::size_t factor, bool characters, Write&& write) {
  while (!data.empty()) {
    const std::size_t size = characters ? whole_characters(data, piece_bytes) : std::min(data.size(), piece_bytes);
    char* const at = out.buffer().reserve(factor * size + small_value_bytes);
    out.buffer().commit(write(at, data.substr(0, size)));
    data.remove_prefix(size);
    out.line_done();
  }
}

/// Bytes are base64 in JSON anyway, and the unscaled digits of a decimal would tell nobody its value.
Conversion json_conversion(const Column& column, const config::ValueForms& forms) {
  const Conversion wanted = opencdc::conversion_of(column, forms);
  return wanted == Conversion::decimal_unscaled || wanted == Conversion::base64 ? Conversion::none : wanted;
}

}  // namespace

JsonField::JsonField(const Column& column, std::size_t index, const config::ValueForms& forms)
    : index_{index},
      conversion_{json_conversion(column, forms)},
      zero_dates_{forms.zero_dates},
      column_{&column},
      bit_count_{column.precision} {
  char* at = lead_.room(json_escape_factor * column.name.size() + json_slack_bytes);
  *at = ',';
  at = write_json_string(at + 1, column.name);
  *at = ':';
  lead_.end(at + 1);
  std::size_t labels_bytes = 0;
  for (const std::string& label : column.labels) {
    std::string escaped(json_escape_factor * label.size() + json_slack_bytes, '\0');
    escaped.resize(static_cast<std::size_t>(write_json_escaped(escaped.data(), label.data(), label.size()) - escaped.data()));
    labels_bytes += escaped.size() + 1;
    labels_.push_back(std::move(escaped));
  }
  fixed_bytes_ = lead_.size() + small_value_bytes + labels_bytes + json_slack_bytes;
}

char* JsonField::write(char* out, const Value& value) const {
  if (converts()) return write_converted(out, value);
  switch (value.kind) {
    case ValueKind::absent:
    case ValueKind::null: return write_chars(out, "null");
    case ValueKind::int64: return write_int(out, value.i64);
    case ValueKind::year:
    case ValueKind::uint64: return write_unsigned(out, value.u64);
    case ValueKind::sign_unknown: return quoted(out, [&](char* at) { return write_sign_unknown(at, value); });
    case ValueKind::float32: return write_number(out, static_cast<float>(value.f64));
    case ValueKind::float64: return write_number(out, value.f64);
    case ValueKind::decimal: return quoted(out, [&](char* at) { return write_decimal_text(at, value, *column_); });
    case ValueKind::json:
    case ValueKind::text: return write_json_string(out, value.text());
    case ValueKind::bytes: return quoted(out, [&](char* at) { return write_base64(at, value.text().data(), value.size_bytes); });
    case ValueKind::date:
    case ValueKind::datetime:
    case ValueKind::timestamp:
    case ValueKind::time: return quoted(out, [&](char* at) { return write_temporal(at, value); });
    case ValueKind::bits: return write_bits(out, value);
    case ValueKind::enum_index: return write_enum(out, value);
    case ValueKind::set_bits: return write_set(out, value);
    case ValueKind::geometry: return write_geometry(out, value);
    case ValueKind::vector: return write_vector(out, value);
    case ValueKind::uuid: return quoted(out, [&](char* at) { return write_uuid(at, value); });
    case ValueKind::inet: return quoted(out, [&](char* at) { return write_inet(at, value); });
  }
  return out;
}

void JsonField::require_form(const Value& value) const {
  if (!converts() || value.kind == ValueKind::absent) return;
  PlainValue plain;
  opencdc::to_plain(value, *column_, conversion_, zero_dates_, plain);
}

char* JsonField::write_converted(char* out, const Value& value) const {
  PlainValue plain;
  opencdc::to_plain(value, *column_, conversion_, zero_dates_, plain);
  switch (plain.kind) {
    case PlainKind::null: return write_chars(out, "null");
    case PlainKind::integer: return write_int(out, plain.integer);
    case PlainKind::real32: return write_number(out, static_cast<float>(plain.real));
    case PlainKind::real64: return write_number(out, plain.real);
    case PlainKind::text:
      if (plain.coding == PlainCoding::as_is) return write_json_string(out, plain.data);
      return quoted(out, [&](char* at) { return plain.write(at); });
    case PlainKind::bytes:
      return quoted(out, [&](char* at) {
        return write_base64(write_base64(at, plain.head.data(), plain.head.size()), plain.data.data(), plain.data.size());
      });
    case PlainKind::floats: return write_vector(out, value);
  }
  return out;
}

char* JsonField::write_bits(char* out, const Value& value) const noexcept {
  char bytes[8];
  const std::size_t size = put_bits(bytes, bit_count_, value);
  return quoted(out, [&](char* at) { return write_base64(at, bytes, size); });
}

char* JsonField::write_enum(char* out, const Value& value) const noexcept {
  if (value.u64 > labels_.size()) return write_uint(out, value.u64);
  return quoted(out, [&](char* at) { return value.u64 == 0 ? at : write_chars(at, labels_[value.u64 - 1]); });
}

char* JsonField::write_set(char* out, const Value& value) const noexcept {
  if (static_cast<std::size_t>(std::bit_width(value.u64)) > labels_.size()) return write_unsigned(out, value.u64);
  *out++ = '"';
  for (std::uint64_t rest = value.u64; rest != 0; rest &= rest - 1) {
    if (rest != value.u64) *out++ = ',';
    out = write_chars(out, labels_[static_cast<std::size_t>(std::countr_zero(rest))]);
  }
  *out++ = '"';
  return out;
}

void JsonField::write_large(Output& out, const Value& value) const {
  const std::size_t factor = json_growth_factors[static_cast<std::size_t>(value.kind)];
  if (value.kind == ValueKind::vector) {
    bool first = true;
    in_pieces(out, value.text(), factor, false, [&](char* at, std::string_view piece) {
      char* const end = write_vector_items(at, piece);
      if (first) *at = '[', first = false;
      return end;
    });
    return out.buffer().append(']');
  }
  out.buffer().append('"');
  if (value.kind == ValueKind::text || value.kind == ValueKind::json) {
    in_pieces(out, value.text(), factor, true,
              [](char* at, std::string_view piece) { return write_json_escaped(at, piece.data(), piece.size()); });
  } else {
    PlainValue plain;
    opencdc::to_plain(value, *column_, conversion_, zero_dates_, plain);
    const auto write = plain.coding == PlainCoding::hex ? write_hex : write_base64;
    for (const std::string_view part : {plain.head, plain.data})
      in_pieces(out, part, factor, false, [&](char* at, std::string_view piece) { return write(at, piece.data(), piece.size()); });
  }
  out.buffer().append('"');
}

char* write_json_object(char* out, std::span<const JsonField> fields, std::span<const Value> values) {
  if (values.empty()) return write_chars(out, "null");
  char* const begin = out;
  for (const JsonField& field : fields) {
    const Value& value = values[field.index()];
    if (value.kind == ValueKind::absent) continue;
    out = field.lead().copy_to(out);
    out = value.kind == ValueKind::text ? write_json_string(out, value.text()) : field.write(out, value);  // text: without the call
  }
  if (out == begin) ++out;
  *begin = '{';  // in the place of the first comma
  *out++ = '}';
  return out;
}

}  // namespace cdc::cli
