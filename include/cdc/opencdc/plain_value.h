#pragma once

/// A value on its way to a form that is not written often: one of a few shapes that Avro and protobuf both have.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cdc/config/value_forms.h"
#include "cdc/model/table_schema.h"
#include "cdc/model/value.h"

namespace cdc::opencdc {

/// What is done to a value beyond its natural form.
enum class Conversion : std::uint8_t {
  none,
  number_text,       ///< An integer's digits.
  number_long,       ///< None beyond 2^63-1.
  decimal_double,    ///< The nearest double.
  decimal_unscaled,  ///< The digits as one big-endian two's complement number.
  temporal_iso,
  temporal_epoch,
  bits_number,
  bits_text,
  base64,
  hex,
  geometry_wkb,  ///< Without SRID.
  geometry_hex,  ///< EWKB as hex digits.
};

/// The conversion that the settings ask for.
Conversion conversion_of(const Column& column, const config::ValueForms& forms);

enum class PlainKind : std::uint8_t { null, integer, real32, real64, text, bytes, floats };

/// How the bytes of a text are made from `data`.
enum class PlainCoding : std::uint8_t { as_is, base64, hex };

/// Filled by to_plain. Texts and bytes are `head` and `data` one after the other, under the coding.
struct PlainValue {
  static constexpr std::size_t room_bytes = 96;

  PlainValue() noexcept {}                 // `room` stays as it is
  PlainValue(const PlainValue&) = delete;  // the views may point into `room`
  PlainValue& operator=(const PlainValue&) = delete;

  PlainKind kind = PlainKind::null;
  PlainCoding coding = PlainCoding::as_is;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view head, data;
  std::string joined;     ///< Labels of a set.
  char room[room_bytes];  ///< Rendered texts.

  /// Bytes that `write` writes.
  std::size_t size_bytes() const noexcept;
  /// Of a text or bytes; returns the end.
  char* write(char* out) const noexcept;
};

/// `value`: any kind but absent and json. What a conversion is not meant for keeps its natural form. Throws
/// Error(value_malformed) for a decimal that is none, Error(value_unrepresentable) for a number_long beyond 2^63-1 and, when
/// `zero_dates` says so, for a date that iso and epoch do not have: else that is null.
void to_plain(const Value& value, const Column& column, Conversion conversion, config::ZeroDates zero_dates, PlainValue& out);

}  // namespace cdc::opencdc
