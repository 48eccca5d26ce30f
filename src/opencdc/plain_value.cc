#include "cdc/opencdc/plain_value.h"

#include <fmt/format.h>

#include <cstring>

#include "cdc/base/error.h"
#include "cdc/base/numbers.h"
#include "cdc/model/decimal.h"
#include "cdc/model/temporal.h"
#include "cdc/model/value_text.h"
#include "plain_decimal.h"
#include "plain_temporal.h"

namespace cdc::opencdc {
namespace {

static_assert(PlainValue::room_bytes >= decimal_text_max_bytes && PlainValue::room_bytes >= sign_unknown_text_max_bytes &&
              PlainValue::room_bytes >= inet_text_max_bytes && PlainValue::room_bytes >= integer_text_max_bytes);

void set_integer(PlainValue& out, std::int64_t number) noexcept { out.kind = PlainKind::integer, out.integer = number; }

void set_data(PlainValue& out, PlainKind kind, std::string_view data) noexcept { out.kind = kind, out.data = data; }

/// Text that `write(at)` renders.
template <class Write>
void set_rendered(PlainValue& out, Write&& write) {
  char* const end = write(out.room);
  set_data(out, PlainKind::text, {out.room, static_cast<std::size_t>(end - out.room)});
}

/// A number, or its digits beyond 2^63-1.
void set_unsigned(PlainValue& out, std::uint64_t number) {
  if (number >> 63 == 0) return set_integer(out, static_cast<std::int64_t>(number));
  set_rendered(out, [&](char* at) { return write_uint(at, number); });
}

void require_long(const Value& value, const Column& column) {
  if (value.i64 >= 0) return;
  throw Error{ErrorCode::value_unrepresentable, Remedy::operate,
              fmt::format("column `{}` holds a number beyond 2^63-1, and bigintUnsigned is long", column.name),
              "set bigintUnsigned=auto, or string"};
}

void set_decimal(PlainValue& out, const Value& value, const Column& column, Conversion conversion) {
  set_rendered(out, [&](char* at) { return write_decimal_text(at, value, column); });
  if (conversion == Conversion::decimal_double) out.kind = PlainKind::real64, out.real = nearest_double(out.data);
  if (conversion == Conversion::decimal_unscaled) set_data(out, PlainKind::bytes, unscaled_digits(out.data, out.room));
}

void set_label(PlainValue& out, const Value& value, const Column& column) {
  const auto label = enum_label(column, value);
  label ? set_data(out, PlainKind::text, *label) : set_unsigned(out, value.u64);
}

void set_labels(PlainValue& out, const Value& value, const Column& column) {
  if (!set_labels_known(column, value)) return set_unsigned(out, value.u64);
  out.joined = set_text(column, value);
  set_data(out, PlainKind::text, out.joined);
}

void set_bits(PlainValue& out, const Value& value, const Column& column, Conversion conversion) {
  if (conversion == Conversion::bits_number) return set_unsigned(out, value.u64);
  if (conversion != Conversion::bits_text) return set_data(out, PlainKind::bytes, {out.room, put_bits(out.room, column.precision, value)});
  set_rendered(out, [&](char* at) {
    for (unsigned bit = column.precision == 0 || column.precision > 64 ? 64U : column.precision; bit-- > 0;)
      *at++ = (value.u64 >> bit & 1) != 0 ? '1' : '0';
    return at;
  });
}

void set_geometry(PlainValue& out, const Value& value, Conversion conversion) {
  constexpr std::size_t srid_bytes = 4;
  if (conversion == Conversion::geometry_wkb) {
    return set_data(out, PlainKind::bytes, value.text().substr(value.size_bytes < srid_bytes ? 0 : srid_bytes));
  }
  const Ewkb ewkb = to_ewkb(value);
  std::memcpy(out.room, ewkb.head, ewkb.head_size);
  out.head = {out.room, ewkb.head_size};
  set_data(out, PlainKind::bytes, ewkb.rest);
  if (conversion == Conversion::geometry_hex) out.kind = PlainKind::text, out.coding = PlainCoding::hex;
}

void set_bytes(PlainValue& out, const Value& value, Conversion conversion) {
  set_data(out, PlainKind::bytes, value.text());
  if (conversion != Conversion::base64 && conversion != Conversion::hex) return;
  out.kind = PlainKind::text;
  out.coding = conversion == Conversion::hex ? PlainCoding::hex : PlainCoding::base64;
}

void set_real(PlainValue& out, PlainKind kind, double number) noexcept { out.kind = kind, out.real = number; }

}  // namespace

std::size_t PlainValue::size_bytes() const noexcept {
  const std::size_t plain = head.size() + data.size();
  switch (coding) {
    case PlainCoding::as_is: return plain;
    case PlainCoding::base64: return base64_size(head.size()) + base64_size(data.size());
    case PlainCoding::hex: return 2 * plain;
  }
  return 0;
}

char* PlainValue::write(char* out) const noexcept {
  for (const std::string_view part : {head, data}) {
    switch (coding) {
      case PlainCoding::as_is:
        if (!part.empty()) std::memcpy(out, part.data(), part.size());
        out += part.size();
        break;
      case PlainCoding::base64: out = write_base64(out, part.data(), part.size()); break;
      case PlainCoding::hex: out = write_hex(out, part.data(), part.size()); break;
    }
  }
  return out;
}

void to_plain(const Value& value, const Column& column, Conversion conversion, config::ZeroDates zero_dates, PlainValue& out) {
  switch (value.kind) {
    case ValueKind::absent:
    case ValueKind::null: return;
    case ValueKind::int64:
      if (conversion == Conversion::number_text) return set_rendered(out, [&](char* at) { return write_int(at, value.i64); });
      return set_integer(out, value.i64);
    case ValueKind::uint64:
      if (conversion == Conversion::number_text) return set_rendered(out, [&](char* at) { return write_uint(at, value.u64); });
      if (conversion == Conversion::number_long) require_long(value, column);
      return set_unsigned(out, value.u64);
    case ValueKind::year: return set_unsigned(out, value.u64);
    case ValueKind::sign_unknown: return set_rendered(out, [&](char* at) { return write_sign_unknown(at, value); });
    case ValueKind::float32: return set_real(out, PlainKind::real32, value.f64);
    case ValueKind::float64: return set_real(out, PlainKind::real64, value.f64);
    case ValueKind::decimal: return set_decimal(out, value, column, conversion);
    case ValueKind::json:
    case ValueKind::text: return set_data(out, PlainKind::text, value.text());
    case ValueKind::bytes: return set_bytes(out, value, conversion);
    case ValueKind::date:
    case ValueKind::datetime:
    case ValueKind::timestamp:
    case ValueKind::time:
      if (conversion == Conversion::temporal_iso || conversion == Conversion::temporal_epoch)
        return set_temporal(out, value, column, conversion, zero_dates);
      return set_rendered(out, [&](char* at) { return write_temporal(at, value); });
    case ValueKind::bits: return set_bits(out, value, column, conversion);
    case ValueKind::enum_index: return set_label(out, value, column);
    case ValueKind::set_bits: return set_labels(out, value, column);
    case ValueKind::geometry: return set_geometry(out, value, conversion);
    case ValueKind::vector: return set_data(out, PlainKind::floats, value.text());
    case ValueKind::uuid: return set_rendered(out, [&](char* at) { return write_uuid(at, value); });
    case ValueKind::inet: return set_rendered(out, [&](char* at) { return write_inet(at, value); });
  }
}

}  // namespace cdc::opencdc
