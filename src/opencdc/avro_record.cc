#include "avro_record.h"

#include <algorithm>

#include "avro_schema.h"

namespace cdc::opencdc {
namespace {

constexpr std::uint32_t data_kinds = [] {
  std::uint32_t mask = 0;
  for (unsigned kind = 0; kind <= static_cast<unsigned>(ValueKind::inet); ++kind) {
    if (holds_data(static_cast<ValueKind>(kind))) mask |= 1U << kind;
  }
  return mask;
}();

}  // namespace

std::size_t data_bytes(std::span<const Value> values) noexcept {
  std::size_t sum = 0;
  for (const Value& value : values) sum += std::size_t{data_kinds >> static_cast<unsigned>(value.kind) & 1} * value.size_bytes;
  return sum;
}

AvroRecord::AvroRecord(const TableSchema& table, const RecordShape& shape, const config::ValueForms& forms) {
  std::vector<SchemaField> schema;
  for (std::size_t i = 0; i < shape.columns.size(); ++i) {
    const auto field_shape = shape.fields.empty() ? FieldShape::declared : static_cast<FieldShape>(shape.fields[i]);
    if (field_shape == FieldShape::none) continue;
    const Column& column = table.columns[shape.columns[i]];
    AvroType type = field_shape == FieldShape::any ? any_type() : avro_type(column, forms);
    type.nullable = type.nullable || !shape.fields.empty();
    schema.push_back({&column, type});
    fields_.emplace_back(column, shape.columns[i], type, forms.zero_dates);
    fixed_bytes_ += fields_.back().fixed_bytes();
    growth_ = std::max(growth_, fields_.back().growth());
  }
  schema_json_ = avro_schema(table, schema, shape.is_key);
}

char* AvroRecord::write(char* out, std::span<const Value> values) const {
  for (const AvroField& field : fields_) {
    out = field.write(out, values[field.index()]);
    if (out == nullptr) return nullptr;
  }
  return out;
}

}  // namespace cdc::opencdc
