#pragma once

/// What is prepared once per table: its two schemas with their numbers, and those of the shapes that its rows had besides.

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "avro_record.h"
#include "cdc/model/change.h"
#include "cdc/opencdc/record_encoder.h"
#include "cdc/opencdc/schema_registry.h"
#include "struct_record.h"

namespace cdc::opencdc {

/// A schema and its number.
struct NumberedRecord {
  AvroRecord record;
  std::optional<SchemaId> id;  ///< Once the registry has answered.
};

/// How one image of a record is written: under a schema, or as a Struct when there is none.
struct ImageForm {
  const NumberedRecord* avro = nullptr;
  const StructRecord* plain = nullptr;

  bool grows() const noexcept { return avro == nullptr || avro->record.grows(); }
  std::size_t size_max(std::size_t values_data_bytes) const noexcept {
    return avro != nullptr ? avro->record.size_max(values_data_bytes) : plain->size_max(values_data_bytes);
  }
};

/// The keys of a table's records, or their payloads.
class PartEncoder {
 public:
  /// Tables with more shapes than this have the further ones as Structs: each is a version in the registry.
  static constexpr std::size_t variants_max = 256;

  /// All is borrowed and outlives this. `subject`: of the declared schema.
  PartEncoder(const TableSchema& table, std::vector<std::size_t> columns, bool is_key, std::string subject, const RecordForm& form,
              SchemaRegistry& registry);

  /// For values that have the types of the columns. Asks the registry once.
  ImageForm declared();
  /// For these values, whatever they are; `other` is written under the same schema. Throws as to_plain.
  ImageForm fitting(std::span<const Value> values, std::span<const Value> other = {});
  /// As a Struct.
  ImageForm structured() const noexcept { return {nullptr, &plain_}; }
  /// Whether both images have the same columns.
  bool same_columns(std::span<const Value> a, std::span<const Value> b) const noexcept;

 private:
  std::string shape_of(std::span<const Value> values, std::span<const Value> other) const;
  ImageForm numbered(NumberedRecord& record, const std::string& subject);

  const TableSchema& table_;
  std::vector<std::size_t> columns_;
  bool is_key_, with_schema_;
  std::string subject_;
  const config::ValueForms& forms_;
  SchemaRegistry& registry_;
  NumberedRecord declared_;
  StructRecord plain_;
  std::map<std::string, NumberedRecord> variants_;  ///< By the shapes of their fields.
};

}  // namespace cdc::opencdc
