#pragma once

/// One Avro schema of one table, and the values of a row under it.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "avro_field.h"
#include "cdc/config/value_forms.h"
#include "cdc/model/table_schema.h"
#include "cdc/model/value.h"

namespace cdc::opencdc {

/// What a schema has of a column.
enum class FieldShape : char {
  declared = 'd',  ///< The type of its declaration.
  any = 'a',       ///< The type that takes every value.
  none = 'n',      ///< Nothing: it is absent.
};

/// What a schema is made for.
struct RecordShape {
  std::span<const std::size_t> columns;  ///< Indexes into the table's, in the order of the fields.
  std::string fields;                    ///< A FieldShape each; empty: all declared. Given, every field is nullable.
  bool is_key = false;
};

/// Bytes of the values that have data: what a record grows by.
std::size_t data_bytes(std::span<const Value> values) noexcept;

class AvroRecord {
 public:
  /// `table` is borrowed and outlives this.
  AvroRecord(const TableSchema& table, const RecordShape& shape, const config::ValueForms& forms);

  /// Byte-stable: a function of the table's names and types, the shape and the forms.
  const std::string& schema_json() const noexcept { return schema_json_; }
  std::span<const AvroField> fields() const noexcept { return fields_; }
  /// Whether `size_max` asks for the values' data_bytes.
  bool grows() const noexcept { return growth_ != 0; }
  /// Room that `write` needs for `values` whose data_bytes these are.
  std::size_t size_max(std::size_t values_data_bytes) const noexcept { return fixed_bytes_ + growth_ * values_data_bytes; }
  /// The body without schema. `values`: one a column of the table. Returns the end, or nullptr when one does not fit its field.
  char* write(char* out, std::span<const Value> values) const;

 private:
  std::string schema_json_;
  std::vector<AvroField> fields_;
  std::size_t fixed_bytes_ = 0, growth_ = 0;
};

}  // namespace cdc::opencdc
