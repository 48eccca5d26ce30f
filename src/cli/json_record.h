#pragma once

/// What is prepared once per table so that a row costs only its values.

#include <cstddef>
#include <span>
#include <vector>

#include "cdc/model/change.h"
#include "json_field.h"

namespace cdc::cli {

/// How one table's rows become JSON objects.
class JsonTable {
 public:
  /// `table` is borrowed and outlives this.
  JsonTable(const TableSchema& table, const config::ValueForms& forms);

  bool has_json() const noexcept { return has_json_; }
  /// Throws Error(value_unrepresentable) when the forms cannot say a value.
  void require_forms(std::span<const Value> values) const;
  /// In the order of the records: sorted by escaped name.
  std::span<const JsonField> fields() const noexcept { return fields_; }
  std::span<const JsonField> key() const noexcept { return key_; }
  /// Bound of everything in key, before and after that does not depend on the values' sizes.
  std::size_t fixed_bytes() const noexcept { return fixed_bytes_; }

 private:
  const TableSchema* table_;
  std::vector<JsonField> fields_, key_;
  bool converts_ = false;  ///< Some field has another form than the natural one.
  std::size_t fixed_bytes_ = 0;
  bool has_json_;
};

/// As in json_field.h, with no bound on the size: values beyond some size go out in pieces.
void write_json_object(Output& out, std::span<const JsonField> fields, std::span<const Value> values);

}  // namespace cdc::cli
