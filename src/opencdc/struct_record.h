#pragma once

/// A row as a google.protobuf.Struct: for records without schema, and for what no schema says.
///
/// Format: google/protobuf/struct.proto. Its numbers are doubles, so an integer beyond 2^53 travels as its digits; bytes are
/// base64, as Go's mapping has them. A FLOAT is the double with the same shortest text.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "avro_type.h"
#include "cdc/config/value_forms.h"
#include "cdc/model/table_schema.h"
#include "cdc/model/value.h"

namespace cdc::opencdc {

class StructRecord {
 public:
  /// `table` is borrowed and outlives this. `columns`: indexes into the table's.
  StructRecord(const TableSchema& table, std::span<const std::size_t> columns, const config::ValueForms& forms);

  /// Room that `write` needs for `values` whose data_bytes these are.
  std::size_t size_max(std::size_t values_data_bytes) const noexcept { return fixed_bytes_ + growth * values_data_bytes; }
  /// The fields of the message; absent values have none. Returns the end. Kind json is not for this. Throws as to_plain.
  char* write(char* out, std::span<const Value> values) const;

 private:
  /// What a byte may become: a float of a vector is a number of 13 bytes.
  static constexpr std::size_t growth = 4;
  struct Field {
    std::size_t index;
    std::string name;  ///< UTF-8.
    Conversion conversion;
  };

  const TableSchema* table_;
  config::ZeroDates zero_dates_;
  std::vector<Field> fields_;
  std::size_t fixed_bytes_ = 0;
};

}  // namespace cdc::opencdc
