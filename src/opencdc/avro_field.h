#pragma once

/// One column of an Avro record: how its values are written.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "avro_bytes.h"
#include "avro_type.h"
#include "cdc/model/table_schema.h"
#include "cdc/model/value.h"

namespace cdc::opencdc {

class AvroField {
 public:
  /// `column` is borrowed: of the TableSchema, where it has this `index`.
  AvroField(const Column& column, std::size_t index, const AvroType& type, config::ZeroDates zero_dates);

  std::size_t index() const noexcept { return index_; }
  /// Room for the field but for what grows with the value's own size: growth() times that. 0 where all texts are short.
  std::size_t fixed_bytes() const noexcept { return fixed_bytes_; }
  std::size_t growth() const noexcept { return growth_; }

  /// Returns the end, or nullptr when the value does not fit the type: then an AvroField of any_type() takes it. Kind json is
  /// not for this. Throws as to_plain.
  char* write(char* out, const Value& value) const {
    if (type_.writer == AvroWriter::text && value.kind == ValueKind::text) return write_avro_bytes(write_lead(out), value.text());
    return write_any(out, value);
  }
  bool fits(const Value& value) const;

 private:
  char* write_any(char* out, const Value& value) const;
  bool fits_integer(const Value& value) const noexcept;
  char* write_null(char* out) const noexcept;
  char* write_big_unsigned(char* out, const Value& value) const noexcept;
  char* write_label(char* out, const Value& value) const noexcept;
  char* write_labels(char* out, const Value& value) const noexcept;
  char* write_converted(char* out, const Value& value) const;
  /// The branch of a union; nothing for a type that is none.
  char* write_lead(char* out) const noexcept {
    *out = 2;
    return out + type_.nullable;
  }

  AvroType type_;
  config::ZeroDates zero_dates_;
  std::uint8_t growth_ = 1;
  std::uint32_t index_;
  std::size_t fixed_bytes_;
  const Column* column_;
  std::vector<std::string> labels_;  ///< Encoded, of an ENUM, with the empty error value first; as they are, of a SET.
};

}  // namespace cdc::opencdc
