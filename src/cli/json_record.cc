#include "json_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "cdc/base/error.h"
#include "cdc/model/json_documents.h"
#include "json_text.h"

namespace cdc::cli {
namespace {

constexpr std::size_t large_value_bytes = std::size_t{64} << 10;
constexpr std::string_view null_text = "null";

std::vector<JsonField> sorted_fields(const TableSchema& table, std::span<const std::size_t> indexes, const config::ValueForms& forms) {
  std::vector<JsonField> out;
  for (const std::size_t index : indexes) out.emplace_back(table.columns[index], index, forms);
  std::stable_sort(out.begin(), out.end(), [&](const JsonField& a, const JsonField& b) { return a.lead().view() < b.lead().view(); });
  return out;
}

std::size_t fixed_bytes_of(std::span<const JsonField> fields) noexcept {
  std::size_t sum = 2;
  for (const JsonField& field : fields) sum += field.fixed_bytes();
  return sum;
}

}  // namespace

JsonTable::JsonTable(const TableSchema& table, const config::ValueForms& forms) : table_{&table}, has_json_{has_json_column(table)} {
  std::vector<std::size_t> all(table.columns.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  fields_ = sorted_fields(table, all, forms);
  key_ = table.key.empty() ? fields_ : sorted_fields(table, table.key, forms);
  converts_ = std::any_of(fields_.begin(), fields_.end(), [](const JsonField& field) { return field.converts(); });
  fixed_bytes_ = 2 * fixed_bytes_of(fields_) + fixed_bytes_of(key_);
}

void JsonTable::require_forms(std::span<const Value> values) const {
  if (!converts_ || values.empty()) return;
  with_frame([&] { return fmt::format("`{}`.`{}`", table_->schema, table_->table); },
             [&] {
               for (const JsonField& field : fields_) field.require_form(values[field.index()]);
             });
}

void write_json_object(Output& out, std::span<const JsonField> fields, std::span<const Value> values) {
  OutputBuffer& buffer = out.buffer();
  if (values.empty()) return buffer.append(null_text);
  char separator = '{';
  for (const JsonField& field : fields) {
    const Value& value = values[field.index()];
    if (value.kind == ValueKind::absent) continue;
    buffer.append(separator);
    separator = ',';
    buffer.append(field.lead().view().substr(1));
    if (json_growth(value) > large_value_bytes) {
      field.write_large(out, value);
    } else {
      buffer.commit(field.write(buffer.reserve(field.fixed_bytes() + json_growth(value)), value));
    }
    out.line_done();
  }
  if (separator == '{') buffer.append('{');
  buffer.append('}');
}

}  // namespace cdc::cli
