// Contract under fuzz: no crash, no sanitizer report, no exception but cdc::Error. What parses has shapes that a decoder can rely on:
// bounded counts, sizes and keys, and a codec a column.
// Input: one byte of flags (1 written by MariaDB, 2 table ids of four bytes, 4 without optional metadata), then the body of TABLE_MAP.

#include <cstdint>

#include "cdc/base/error.h"
#include "cdc/binlog/table_map.h"
#include "render.h"

namespace cdc::binlog {
namespace {

void check_column(const WireColumn& column) {
  switch (column.type) {
    case WireType::newdecimal:
      return require(column.precision <= 65 && column.fraction_digits <= 30 && column.fraction_digits <= column.precision,
                     "a decimal's shape");
    case WireType::bit: return require(column.precision >= 1 && column.precision <= 64, "bits");
    case WireType::enum_: return require(column.width == 1 || column.width == 2, "an ENUM's bytes");
    case WireType::set: return require(column.width >= 1 && column.width <= 8, "a SET's bytes");
    case WireType::blob:
    case WireType::json:
    case WireType::geometry: return require(column.width >= 1 && column.width <= 4, "a length prefix");
    case WireType::time2:
    case WireType::datetime2:
    case WireType::timestamp2: return require(column.fraction_digits <= 6, "fractions of a second");
    default: return;
  }
}

void check(unsigned flags, Reader body) {
  const TableMap::Format format{(flags & 2) != 0 ? std::size_t{4} : std::size_t{6}, (flags & 1) != 0, (flags & 4) == 0};
  TableMap map;
  if (!TableMap::parse(body, format, map)) return;
  require(map.columns.size() <= column_count_max, "no more columns than a table may have");
  for (const PrimaryKeyPart& part : map.primary_key) require(part.column_index < map.columns.size(), "key columns exist");
  for (const WireColumn& column : map.columns) check_column(column);
  try {
    const RowLayout layout = RowLayout::compile(map, uses_of(map));
    require(layout.codecs.size() == map.columns.size(), "a codec a column");
  } catch (const Error& error) {
    require(error.code() == ErrorCode::column_unsupported, "a layout is refused for its types alone");
  }
}

}  // namespace
}  // namespace cdc::binlog

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  cdc::binlog::check(data[0], cdc::Reader{std::as_bytes(std::span{data + 1, size - 1})});
  return 0;
}
