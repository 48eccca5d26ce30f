#include "avro_field.h"

#include <bit>
#include <cstring>
#include <limits>
#include <string_view>

#include "cdc/base/numbers.h"
#include "cdc/model/decimal.h"
#include "cdc/model/temporal.h"
#include "cdc/model/value_text.h"
#include "cdc/opencdc/plain_value.h"
#include "plain_decimal.h"

namespace cdc::opencdc {
namespace {

constexpr std::size_t lead_bytes = 1;
constexpr std::size_t array_bytes = 2 * varint_max_bytes;
/// Of every field: branch, length, and the longest rendered text with the slack that number writers want.
constexpr std::size_t base_bytes = lead_bytes + array_bytes + PlainValue::room_bytes;

/// Branches of AvroBody::any.
constexpr std::size_t any_long = 1, any_double = 2, any_string = 3, any_bytes = 4;
/// Branches of AvroBody::long_or_string.
constexpr std::size_t big_long = 1, big_string = 2;

std::string encoded(std::string_view label) {
  std::string out(label.size() + varint_max_bytes, '\0');
  out.resize(static_cast<std::size_t>(write_avro_bytes(out.data(), label) - out.data()));
  return out;
}

template <class Number>
char* write_real(char* out, Number number) noexcept {
  std::memcpy(out, &number, sizeof number);
  return out + sizeof number;
}

/// A text below 64 bytes, so that its length takes one byte; longer ones make room for the other.
template <class Write>
char* write_rendered(char* out, Write&& write) {
  char* const text = out + 1;
  char* const end = write(text);
  const auto size = static_cast<std::size_t>(end - text);
  const std::size_t size_bytes = varint_size(size << 1);
  if (size_bytes != 1) std::memmove(out + size_bytes, text, size);
  return write_avro_size(out, size) + size;
}

char* write_text(char* out, const PlainValue& plain) noexcept { return plain.write(write_avro_size(out, plain.size_bytes())); }

/// One block of items, then the end of the array.
char* write_floats(char* out, std::string_view data) noexcept {
  const std::size_t count = data.size() / sizeof(float);
  if (count != 0) {
    out = write_avro_size(out, count);
    std::memcpy(out, data.data(), count * sizeof(float));
    out += count * sizeof(float);
  }
  *out = 0;
  return out + 1;
}

bool fits_body(AvroBody body, const PlainValue& plain) noexcept {
  switch (body) {
    case AvroBody::int_: return plain.kind == PlainKind::integer && plain.integer == static_cast<std::int32_t>(plain.integer);
    case AvroBody::long_: return plain.kind == PlainKind::integer;
    case AvroBody::float_: return plain.kind == PlainKind::real32;
    case AvroBody::double_: return plain.kind == PlainKind::real64;
    case AvroBody::string: return plain.kind == PlainKind::text;
    case AvroBody::bytes:
    case AvroBody::decimal: return plain.kind == PlainKind::bytes;
    case AvroBody::floats: return plain.kind == PlainKind::floats;
    case AvroBody::long_or_string: return plain.kind == PlainKind::integer || plain.kind == PlainKind::text;
    case AvroBody::any: return true;
  }
  return false;
}

std::size_t any_branch(PlainKind kind) noexcept {
  switch (kind) {
    case PlainKind::null: return 0;
    case PlainKind::integer: return any_long;
    case PlainKind::real32:
    case PlainKind::real64: return any_double;
    case PlainKind::text: return any_string;
    case PlainKind::bytes:
    case PlainKind::floats: return any_bytes;
  }
  return 0;
}

/// After the branch.
char* write_plain(char* out, AvroBody body, const PlainValue& plain) noexcept {
  switch (plain.kind) {
    case PlainKind::null: return out;
    case PlainKind::integer: return write_avro_long(out, plain.integer);
    case PlainKind::real32: return body == AvroBody::float_ ? write_real(out, static_cast<float>(plain.real)) : write_real(out, plain.real);
    case PlainKind::real64: return write_real(out, plain.real);
    case PlainKind::text:
    case PlainKind::bytes: return write_text(out, plain);
    case PlainKind::floats: return body == AvroBody::floats ? write_floats(out, plain.data) : write_text(out, plain);
  }
  return out;
}

bool is_temporal(ValueKind kind) noexcept {
  return kind == ValueKind::datetime || kind == ValueKind::timestamp || kind == ValueKind::date || kind == ValueKind::time;
}

}  // namespace

AvroField::AvroField(const Column& column, std::size_t index, const AvroType& type, config::ZeroDates zero_dates)
    : type_{type}, zero_dates_{zero_dates}, index_{static_cast<std::uint32_t>(index)}, fixed_bytes_{base_bytes}, column_{&column} {
  const bool doubles =
      type.conversion == Conversion::base64 || type.conversion == Conversion::hex || type.conversion == Conversion::geometry_hex;
  const bool has_data = type.writer == AvroWriter::text || type.writer == AvroWriter::bytes || type.writer == AvroWriter::converted;
  growth_ = doubles ? 2 : has_data ? 1 : 0;
  if (type.writer == AvroWriter::label) labels_.push_back(encoded({}));
  for (const std::string& label : column.labels) {
    fixed_bytes_ += label.size() + varint_max_bytes;
    labels_.push_back(type.writer == AvroWriter::label ? encoded(label) : label);
  }
}

char* AvroField::write_any(char* out, const Value& value) const {
  if (value.kind == ValueKind::null) return type_.nullable ? write_null(out) : nullptr;
  switch (type_.writer) {
    case AvroWriter::integer: return fits_integer(value) ? write_avro_long(write_lead(out), value.i64) : nullptr;
    case AvroWriter::big_unsigned: return write_big_unsigned(out, value);
    case AvroWriter::real32: return value.kind == ValueKind::float32 ? write_real(write_lead(out), static_cast<float>(value.f64)) : nullptr;
    case AvroWriter::real64: return value.kind == ValueKind::float64 ? write_real(write_lead(out), value.f64) : nullptr;
    case AvroWriter::text: return value.kind == ValueKind::text ? write_avro_bytes(write_lead(out), value.text()) : nullptr;
    case AvroWriter::bytes: return value.kind == ValueKind::bytes ? write_avro_bytes(write_lead(out), value.text()) : nullptr;
    case AvroWriter::temporal:
      if (!is_temporal(value.kind)) return nullptr;
      return write_rendered(write_lead(out), [&](char* at) { return write_temporal(at, value); });
    case AvroWriter::decimal:
      if (value.kind != ValueKind::decimal) return nullptr;
      return write_rendered(write_lead(out), [&](char* at) { return write_decimal_text(at, value, *column_); });
    case AvroWriter::label: return write_label(out, value);
    case AvroWriter::labels: return write_labels(out, value);
    case AvroWriter::converted: return write_converted(out, value);
  }
  return nullptr;
}

bool AvroField::fits(const Value& value) const {
  if (value.kind == ValueKind::absent) return false;
  if (value.kind == ValueKind::null) return type_.nullable;
  switch (type_.writer) {
    case AvroWriter::text: return value.kind == ValueKind::text;
    case AvroWriter::bytes: return value.kind == ValueKind::bytes;
    case AvroWriter::converted: {
      PlainValue plain;
      to_plain(value, *column_, type_.conversion, zero_dates_, plain);
      return plain.kind == PlainKind::null ? type_.nullable : fits_body(type_.body, plain);
    }
    case AvroWriter::integer:
    case AvroWriter::big_unsigned:
    case AvroWriter::real32:
    case AvroWriter::real64:
    case AvroWriter::temporal:
    case AvroWriter::decimal:
    case AvroWriter::label:
    case AvroWriter::labels: {  // small: it is as quick to try
      std::string scratch(fixed_bytes_, '\0');
      return write(scratch.data(), value) != nullptr;
    }
  }
  return false;
}

bool AvroField::fits_integer(const Value& value) const noexcept {
  const bool is_unsigned = value.kind == ValueKind::uint64 || value.kind == ValueKind::year;
  if (value.kind != ValueKind::int64 && !(is_unsigned && value.i64 >= 0)) return false;
  return type_.body == AvroBody::long_ || value.i64 == static_cast<std::int32_t>(value.i64);
}

char* AvroField::write_null(char* out) const noexcept {
  *out = 0;
  return out + 1;
}

char* AvroField::write_big_unsigned(char* out, const Value& value) const noexcept {
  if (value.kind != ValueKind::uint64) return nullptr;
  if (value.i64 >= 0) return write_avro_long(write_avro_size(out, big_long), value.i64);
  return write_rendered(write_avro_size(out, big_string), [&](char* at) { return write_uint(at, value.u64); });
}

char* AvroField::write_label(char* out, const Value& value) const noexcept {
  if (value.kind != ValueKind::enum_index || value.u64 >= labels_.size()) return nullptr;
  const std::string& label = labels_[value.u64];
  return copy_short(write_lead(out), label.data(), label.size());
}

char* AvroField::write_labels(char* out, const Value& value) const noexcept {
  if (value.kind != ValueKind::set_bits || static_cast<std::size_t>(std::bit_width(value.u64)) > labels_.size()) return nullptr;
  std::size_t size = 0;
  for (std::uint64_t rest = value.u64; rest != 0; rest &= rest - 1)
    size += labels_[static_cast<std::size_t>(std::countr_zero(rest))].size() + 1;
  out = write_avro_size(write_lead(out), size == 0 ? 0 : size - 1);
  for (std::uint64_t rest = value.u64; rest != 0; rest &= rest - 1) {
    const std::string& label = labels_[static_cast<std::size_t>(std::countr_zero(rest))];
    if (rest != value.u64) *out++ = ',';
    out = copy_short(out, label.data(), label.size());
  }
  return out;
}

char* AvroField::write_converted(char* out, const Value& value) const {
  PlainValue plain;
  to_plain(value, *column_, type_.conversion, zero_dates_, plain);
  if (value.kind == ValueKind::absent) return nullptr;
  if (plain.kind == PlainKind::null) return type_.nullable ? write_null(out) : nullptr;
  if (!fits_body(type_.body, plain)) return nullptr;
  if (type_.body == AvroBody::any) {
    out = write_avro_size(out, any_branch(plain.kind));
  } else if (type_.body == AvroBody::long_or_string) {
    out = write_avro_size(out, plain.kind == PlainKind::integer ? big_long : big_string);
  } else {
    out = write_lead(out);
  }
  return write_plain(out, type_.body, plain);
}

}  // namespace cdc::opencdc
