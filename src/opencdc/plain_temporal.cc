#include "plain_temporal.h"

#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/model/temporal.h"

namespace cdc::opencdc {
namespace {

/// Whether a calendar has it: not the zero date, no part zero, no 30 February.
bool exists(const Value& value) noexcept {
  if (value.kind == ValueKind::time) return true;
  return value.kind == ValueKind::timestamp ? value.i64 != 0 : is_real_date(unpack(value.u64));
}

std::int64_t epoch_of(const Value& value) noexcept {
  constexpr std::int64_t day_us = 86'400'000'000;
  if (value.kind == ValueKind::date) return unix_us_of(unpack(value.u64)) / day_us;
  return value.kind == ValueKind::datetime ? unix_us_of(unpack(value.u64)) : value.i64;
}

char* write_iso(char* out, const Value& value) noexcept {
  if (value.kind == ValueKind::timestamp) return write_rfc3339(out, value.i64, value.fraction_digits);
  constexpr std::size_t date_bytes = 10;
  char* const end = write_temporal(out, value);
  if (value.kind == ValueKind::datetime) out[date_bytes] = 'T';
  return end;
}

}  // namespace

void set_temporal(PlainValue& out, const Value& value, const Column& column, Conversion conversion, config::ZeroDates zero_dates) {
  if (!exists(value)) {
    if (zero_dates == config::ZeroDates::null) return;  // as it is: null
    throw Error{ErrorCode::value_unrepresentable, Remedy::operate,
                fmt::format("column `{}` holds a date that no calendar has, and temporal.zeroDates is fail", column.name),
                "set temporal=text, or temporal.zeroDates=null"};
  }
  if (conversion == Conversion::temporal_epoch) {
    out.kind = PlainKind::integer;
    out.integer = epoch_of(value);
    return;
  }
  out.kind = PlainKind::text;
  out.data = {out.room, static_cast<std::size_t>(write_iso(out.room, value) - out.room)};
}

}  // namespace cdc::opencdc
