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
  explicit JsonTable(const TableSchema& table);

  bool has_json() const noexcept { return has_json_; }
  /// In the order of the records: sorted by escaped name.
  std::span<const JsonField> fields() const noexcept { return fields_; }
  std::span<const JsonField> key() const noexcept { return key_; }
  /// Bound of everything in key, before and after that does not depend on the values' sizes.
  std::size_t fixed_bytes() const noexcept { return fixed_bytes_; }

 private:
  std::vector<JsonField> fields_, key_;
  std::size_t fixed_bytes_ = 0;
  bool has_json_;
};

/// As in json_field.h, with no bound on the size: values beyond some size go out in pieces.
void write_json_object(Output& out, std::span<const JsonField> fields, std::span<const Value> values);

}  // namespace cdc::cli
