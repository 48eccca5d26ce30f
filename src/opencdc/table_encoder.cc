#include "table_encoder.h"

#include <algorithm>
#include <utility>

namespace cdc::opencdc {
namespace {

constexpr std::string_view variant_suffix = ".variant";

const Value& value_at(std::span<const Value> values, std::size_t index) noexcept {
  static constexpr Value none{};
  return index < values.size() ? values[index] : none;
}

bool is_absent(std::span<const Value> values, std::size_t index) noexcept { return value_at(values, index).kind == ValueKind::absent; }

}  // namespace

PartEncoder::PartEncoder(const TableSchema& table, std::vector<std::size_t> columns, bool is_key, std::string subject,
                         const RecordForm& form, SchemaRegistry& registry)
    : table_{table},
      columns_{std::move(columns)},
      is_key_{is_key},
      with_schema_{!columns_.empty() && (is_key ? form.key_schema : form.payload_schema)},
      subject_{std::move(subject)},
      forms_{form.values},
      registry_{registry},
      declared_{AvroRecord{table, {columns_, {}, is_key}, form.values}, {}},
      plain_{table, columns_, form.values} {}

ImageForm PartEncoder::numbered(NumberedRecord& record, const std::string& subject) {
  if (!record.id) record.id = registry_.resolve(subject, record.record.schema_json());
  return {&record, &plain_};
}

ImageForm PartEncoder::declared() { return with_schema_ ? numbered(declared_, subject_) : structured(); }

ImageForm PartEncoder::fitting(std::span<const Value> values, std::span<const Value> other) {
  if (!with_schema_) return structured();
  const std::string shape = shape_of(values, other);
  if (shape.find_first_not_of(static_cast<char>(FieldShape::declared)) == std::string::npos) return declared();
  if (shape.find_first_not_of(static_cast<char>(FieldShape::none)) == std::string::npos) return structured();
  auto it = variants_.find(shape);
  if (it == variants_.end()) {
    if (variants_.size() >= variants_max) return structured();
    it = variants_.try_emplace(shape, NumberedRecord{AvroRecord{table_, {columns_, shape, is_key_}, forms_}, {}}).first;
  }
  return numbered(it->second, subject_ + std::string{variant_suffix});
}

bool PartEncoder::same_columns(std::span<const Value> a, std::span<const Value> b) const noexcept {
  return std::all_of(columns_.begin(), columns_.end(), [&](std::size_t index) { return is_absent(a, index) == is_absent(b, index); });
}

/// `other` has the same columns, or is empty.
std::string PartEncoder::shape_of(std::span<const Value> values, std::span<const Value> other) const {
  std::string out;
  for (const AvroField& field : declared_.record.fields()) {
    const std::size_t index = field.index();
    FieldShape shape = is_absent(values, index) ? FieldShape::none : FieldShape::declared;
    for (const Value& value : {value_at(values, index), value_at(other, index)}) {
      if (value.kind == ValueKind::absent || field.fits(value)) continue;
      shape = FieldShape::any;
    }
    out += static_cast<char>(shape);
  }
  return out;
}

}  // namespace cdc::opencdc
