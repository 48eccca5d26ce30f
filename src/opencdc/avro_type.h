#pragma once

/// What a column becomes in Avro: its type, and how its values get there. The table of docs/type-mapping.md.

#include <cstdint>
#include <string>

#include "cdc/config/value_forms.h"
#include "cdc/model/table_schema.h"
#include "cdc/opencdc/plain_value.h"

namespace cdc::opencdc {

/// The Avro type, without the null of a nullable column.
enum class AvroBody : std::uint8_t {
  int_,
  long_,
  float_,
  double_,
  string,
  bytes,
  decimal,         ///< bytes with the logical type.
  floats,          ///< array of float.
  long_or_string,  ///< ["null","long","string"]: its null is its own.
  any,             ///< ["null","long","double","string","bytes"]: takes every value.
};

/// How a column's values are written: the frequent ones straight, the rest by way of a PlainValue.
enum class AvroWriter : std::uint8_t {
  integer,
  big_unsigned,
  real32,
  real64,
  text,
  bytes,
  temporal,
  decimal,
  label,
  labels,
  converted,
};

struct AvroType {
  AvroWriter writer = AvroWriter::converted;
  AvroBody body = AvroBody::any;
  Conversion conversion = Conversion::none;
  bool nullable = true;
};

/// The type of a column whose values are what they should be.
AvroType avro_type(const Column& column, const config::ValueForms& forms);
/// The type that takes every value of it.
AvroType any_type() noexcept;

/// `"int"`, `["null","string"]`…
std::string avro_type_json(const AvroType& type, const Column& column);

}  // namespace cdc::opencdc
