#pragma once

/// One column of the JSON records: its name, rendered once, and how its values are written.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cdc/base/numbers.h"
#include "cdc/cli/output.h"
#include "cdc/model/table_schema.h"
#include "cdc/model/value.h"
#include "cdc/opencdc/plain_value.h"
#include "json_text.h"

namespace cdc::cli {

class JsonField {
 public:
  /// `index` of `column` in its table, which outlives this.
  JsonField(const Column& column, std::size_t index, const config::ValueForms& forms);

  /// `,"name":`
  const BlockText& lead() const noexcept { return lead_; }
  std::size_t index() const noexcept { return index_; }
  /// Room for name and value, but for what grows with the value's own size (json_growth).
  std::size_t fixed_bytes() const noexcept { return fixed_bytes_; }

  /// Whether values have another form than their kind's natural one.
  bool converts() const noexcept { return conversion_ != opencdc::Conversion::none; }
  /// Throws Error(value_unrepresentable) when the form cannot say the value: then `write` is not for it.
  void require_form(const Value& value) const;

  /// Any kind but absent and json (rendered as text before). Needs fixed_bytes() + json_growth(value).
  char* write(char* out, const Value& value) const;
  /// The same for a value too large to be written at once: in pieces, flushed on the way.
  void write_large(Output& out, const Value& value) const;

 private:
  char* write_converted(char* out, const Value& value) const;
  char* write_bits(char* out, const Value& value) const noexcept;
  char* write_enum(char* out, const Value& value) const noexcept;
  char* write_set(char* out, const Value& value) const noexcept;

  BlockText lead_;
  std::size_t index_, fixed_bytes_;
  opencdc::Conversion conversion_;
  config::ZeroDates zero_dates_;
  const Column* column_;
  unsigned bit_count_;               ///< Of a BIT.
  std::vector<std::string> labels_;  ///< Escaped; without quotes.
};

/// `{"a":1,…}` of the values that `values` has, absent ones left out; `null` of an empty image. Needs each
/// field's fixed_bytes() + json_growth(value).
char* write_json_object(char* out, std::span<const JsonField> fields, std::span<const Value> values);

/// Characters that a byte of each kind's data may become; 0 when the text has a bound of its own.
inline constexpr auto json_growth_factors = [] {
  std::array<std::uint8_t, 32> table{};
  const auto set = [&](ValueKind kind, std::size_t factor) { table[static_cast<std::size_t>(kind)] = static_cast<std::uint8_t>(factor); };
  set(ValueKind::text, json_escape_factor);
  set(ValueKind::json, json_escape_factor);
  set(ValueKind::bytes, 2);
  set(ValueKind::geometry, 2);
  set(ValueKind::vector, (float_text_max_bytes + 1 + 3) / 4);
  return table;
}();

/// Upper bound of what a value's own bytes become.
inline std::size_t json_growth(const Value& value) noexcept {
  return std::size_t{json_growth_factors[static_cast<std::size_t>(value.kind)]} * value.size_bytes;
}

}  // namespace cdc::cli
