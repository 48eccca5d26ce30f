#pragma once

/// Table maps and rows events put together byte by byte, as a server would.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/binlog/row_decoder.h"
#include "cdc/binlog/table_map.h"
#include "hex.h"

namespace cdc::binlog {

inline void put(std::string& out, std::uint64_t value, std::size_t width_bytes) {
  for (std::size_t i = 0; i < width_bytes; ++i) out += static_cast<char>(value >> i * 8 & 0xFF);
}

/// Body of a table map of `shop`.`t`; all columns nullable.
struct MapBytes {
  std::string types, meta, fields;

  MapBytes& column(int type, std::string_view metadata = {}) {
    types += static_cast<char>(type);
    meta += metadata;
    return *this;
  }
  MapBytes& field(int type, std::string_view value) {
    fields += static_cast<char>(type);
    fields += static_cast<char>(value.size());
    fields += value;
    return *this;
  }
  std::string body() const {
    std::string out;
    put(out, 77, 6);
    put(out, 1, 2);
    out += std::string_view{"\4shop\0\1t\0", 9};
    out += static_cast<char>(types.size());
    out += types;
    out += static_cast<char>(meta.size());
    out += meta;
    out.append((types.size() + 7) / 8, '\xff');
    return out + fields;
  }
};

inline std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span{text}); }

/// Every column goes to the slot of its number, read with what the map says.
inline std::vector<ColumnUse> plain_uses(const TableMap& map) {
  std::vector<ColumnUse> uses;
  for (std::size_t i = 0; i < map.columns.size(); ++i) {
    const WireColumn& column = map.columns[i];
    uses.push_back(
        {static_cast<std::int32_t>(i), column_type_of(column), column.sign, charset::coding_of_collation(column.collation, map.mariadb)});
  }
  return uses;
}

}  // namespace cdc::binlog
