#include "cdc/model/json_documents.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"
#include "cdc/model/json.h"
#include "cdc/model/json_diff.h"

namespace cdc {
namespace {

constexpr std::size_t kept_bytes = std::size_t{1} << 20;

[[noreturn]] void refuse(const TableSchema& table, const Column& column) {
  throw Error{ErrorCode::value_malformed, Remedy::fix,
              fmt::format("column `{}` of `{}`.`{}`: the JSON document does not decode", column.name, table.schema, table.table),
              fmt::format("read on without the column: --set columns.exclude={}.{}.{}", table.schema, table.table, column.name)};
}

}  // namespace

bool has_json_column(const TableSchema& table) noexcept {
  return std::any_of(table.columns.begin(), table.columns.end(), [](const Column& column) { return column.type == ColumnType::json; });
}

std::span<const Value> JsonDocuments::as_text(const TableSchema& table, std::span<const Value> values) {
  values_.assign(values.begin(), values.end());
  text_.shrink(kept_bytes);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].kind != ValueKind::json) continue;
    const std::size_t at = text_.size();
    const bool is_diff = values[i].mark == ValueMark::json_diff;
    if (!(is_diff ? append_json_diff_text : append_json_text)(text_, values[i].bytes())) refuse(table, table.columns[i]);
    values_[i].u64 = at;  // the buffer may still move
    values_[i].size_bytes = static_cast<std::uint32_t>(text_.size() - at);
  }
  for (Value& value : values_) {
    if (value.kind != ValueKind::json) continue;
    value.kind = ValueKind::text;
    value.data = text_.bytes().data() + value.u64;
  }
  return values_;
}

}  // namespace cdc
