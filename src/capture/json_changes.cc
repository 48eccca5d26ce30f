#include "json_changes.h"

#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/model/json_diff.h"

namespace cdc::capture {
namespace {

[[noreturn]] void refuse(const TableSchema& table, const Column& column, JsonPatchFault fault) {
  const std::string what = fmt::format("column `{}`: {}", column.name, describe(fault));
  if (fault == JsonPatchFault::place)
    throw Error{ErrorCode::partial_row, Remedy::operate, what,
                "SET GLOBAL binlog_row_value_options='' and reconnect the applications, then take a new snapshot"};
  throw Error{ErrorCode::value_malformed, Remedy::fix, what,
              fmt::format("read on without the column: --set columns.exclude={}.{}.{}", table.schema, table.table, column.name)};
}

/// The base is unknown. A mask would be one of the changes, not of the document: such a value is unknown too.
void keep_changes(const Column& column, Value& value, binlog::ImageTraits& traits) {
  if (column.masked) {
    value = Value{};
    traits.partial = true;
  } else {
    value.mark = ValueMark::json_diff;
    traits.marked = true;
  }
}

void apply_changes(const TableSchema& table, const Column& column, const Value& base, Value& value, Arena& scratch) {
  if (base.kind != ValueKind::json) refuse(table, column, JsonPatchFault::place);
  const JsonPatch patch = apply_json_diffs(base.bytes(), value.bytes(), scratch);
  if (patch.fault != JsonPatchFault::none) refuse(table, column, patch.fault);
  value.data = patch.document.data();
  value.size_bytes = static_cast<std::uint32_t>(patch.document.size());
}

}  // namespace

void apply_json_changes(const CapturedTable& table, const binlog::PartialJson& partial, std::span<const Value> before,
                        std::span<Value> after, Arena& scratch, binlog::ImageTraits& traits) {
  for (std::size_t i = 0; i < table.layout.json_columns.size(); ++i) {
    const std::int32_t slot = table.layout.codecs[table.layout.json_columns[i]].slot;
    if (!partial.has(i) || slot < 0) continue;
    const auto index = static_cast<std::size_t>(slot);
    const Column& column = table.schema.columns[index];
    Value& value = after[index];
    if (value.kind != ValueKind::json) continue;  // absent or NULL: there is nothing to change
    if (before[index].kind == ValueKind::absent) {
      keep_changes(column, value, traits);
    } else {
      apply_changes(table.schema, column, before[index], value, scratch);
    }
  }
}

}  // namespace cdc::capture
