#pragma once

/// A small world for whatever takes changes: values, a table, a transaction.

#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cdc/model/change.h"
#include "cdc/model/temporal.h"
#include "exact_bytes.h"

namespace cdc::test {

inline Value integer(std::int64_t number) {
  Value out;
  out.kind = ValueKind::int64;
  out.i64 = number;
  return out;
}
inline Value number(ValueKind kind, std::uint64_t bits, unsigned precision = 0) {
  Value out;
  out.kind = kind;
  out.u64 = bits;
  out.precision = static_cast<std::uint8_t>(precision);
  return out;
}
inline Value real(ValueKind kind, double value) {
  Value out;
  out.kind = kind;
  out.f64 = value;
  return out;
}
/// `bytes` must outlive the value.
inline Value data(ValueKind kind, std::span<const std::byte> bytes, unsigned precision = 0, unsigned fraction_digits = 0) {
  Value out;
  out.kind = kind;
  out.precision = static_cast<std::uint8_t>(precision);
  out.fraction_digits = static_cast<std::uint8_t>(fraction_digits);
  out.data = bytes.data();
  out.size_bytes = static_cast<std::uint32_t>(bytes.size());
  return out;
}
inline Value text(std::string_view content) { return data(ValueKind::text, std::as_bytes(std::span{content})); }
/// A list of changes instead of a JSON document.
inline Value changes(std::span<const std::byte> list) {
  Value out = data(ValueKind::json, list);
  out.mark = ValueMark::json_diff;
  return out;
}
inline Value null() { return number(ValueKind::null, 0); }
inline Value absent() { return {}; }

inline Column column(std::string name, ColumnType type = ColumnType::varchar, std::vector<std::string> labels = {},
                     unsigned precision = 0) {
  Column out;
  out.name = std::move(name);
  out.type = type;
  out.labels = std::move(labels);
  out.precision = static_cast<std::uint8_t>(precision);
  return out;
}

/// One table in one transaction.
struct Scene {
  explicit Scene(std::vector<Column> columns, std::vector<std::size_t> key = {0}) {
    table.schema = "shop";
    table.table = "orders";
    table.columns = std::move(columns);
    table.key = std::move(key);
    table.key_kind = table.key.empty() ? KeyKind::whole_row : KeyKind::primary;
    transaction.ordinal = 1;
    transaction.id = "0-1-8";
    transaction.committed_at_us = 1'700'000'000'123'456;
    transaction.file = "binlog.000001";
    transaction.at = 4;
    transaction.server_id = 7;
    position = {"0-1-7", "0a1b2c3d", "binlog.000001", 4, 1, "89abcdef"};
  }

  Change change(Operation operation, std::span<const Value> before, std::span<const Value> after) const {
    const auto any = [](std::span<const Value> image, auto&& is) {
      for (const Value& value : image) {
        if (is(value)) return true;
      }
      return false;
    };
    const auto marked = [](const Value& value) { return value.mark != ValueMark::none; };
    const auto missing = [](const Value& value) { return value.kind == ValueKind::absent; };
    return {operation,
            KeyChange::none,
            any(before, marked) || any(after, marked),
            any(before, missing) || any(after, missing),
            table,
            before,
            after,
            transaction,
            position};
  }
  void next_transaction() {
    ++transaction.ordinal;
    position.n = 1;
  }

  TableSchema table;
  Transaction transaction;
  BinlogPosition position;
};

}  // namespace cdc::test
