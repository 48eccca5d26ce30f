#pragma once

/// TABLE_MAP (19): the shape of the rows that follow, and the optional metadata that names them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cdc/base/reader.h"

namespace cdc::binlog {

/// Column types on the wire. STRING (254) is resolved to its real type: string, enum or set.
enum class WireType : std::uint8_t {
  decimal_old = 0,
  tiny = 1,
  short_ = 2,
  long_ = 3,
  float_ = 4,
  double_ = 5,
  null = 6,
  timestamp = 7,
  longlong = 8,
  int24 = 9,
  date = 10,
  time = 11,
  datetime = 12,
  year = 13,
  newdate = 14,
  varchar = 15,
  bit = 16,
  timestamp2 = 17,
  datetime2 = 18,
  time2 = 19,
  typed_array = 20,
  blob_compressed = 140,
  varchar_compressed = 141,
  vector = 242,
  json = 245,
  newdecimal = 246,
  enum_ = 247,
  set = 248,
  tiny_blob = 249,
  medium_blob = 250,
  long_blob = 251,
  blob = 252,
  var_string = 253,
  string = 254,
  geometry = 255,
};

enum class Signedness : std::uint8_t { unknown, signed_, unsigned_ };

struct WireColumn {
  WireType type{};
  std::uint8_t width = 0;            ///< Length-prefix bytes of blob-likes (1..4), value bytes of ENUM/SET, else 0.
  std::uint8_t precision = 0;        ///< Decimal digits; bits of a BIT.
  std::uint8_t fraction_digits = 0;  ///< Scale; fractional-second digits.
  std::uint32_t max_bytes = 0;       ///< Declared byte length of CHAR/BINARY/VARCHAR.
  bool nullable = true;
  Signedness sign = Signedness::unknown;  ///< Meaningful for numbers and YEAR.
  std::uint32_t collation = 0;            ///< 0 = not logged.
  std::string name;                       ///< Empty = not logged.
  std::vector<std::string> labels;        ///< Of ENUM/SET, in the column's charset; empty = not logged.
};

struct PrimaryKeyPart {
  std::size_t column_index = 0;
  std::uint64_t prefix_characters = 0;  ///< 0 = the whole column.
};

/// A parsed table map; owns everything. Layout: 6-byte id (4 in very old files), u16 flags, names with
/// length bytes and NUL, lenenc column count, types, lenenc metadata, null bitmap, then TLVs
/// (unknown ones are stepped over by their length). Source: mysql-server `Table_map_event`; MariaDB log_event.h.
struct TableMap {
  std::uint64_t table_id = 0;
  std::uint16_t flags = 0;
  std::string schema, table;
  std::vector<WireColumn> columns;
  bool mariadb = false;    ///< Written by MariaDB.
  bool has_names = false;  ///< binlog_row_metadata=FULL: names, labels and primary key are as logged.
  std::vector<PrimaryKeyPart> primary_key;
  std::string
      fault;  ///< What did not fit, when it is malformed: ``the metadata of column 3 (type 246)``. Names parsed before it are there.

  /// How the file wants it read.
  struct Format {
    std::size_t table_id_size_bytes = 6;
    bool mariadb = false;      ///< Which columns the charset TLVs count differs between the products.
    bool has_metadata = true;  ///< False for servers that leave garbage after the null bitmap (before 8.0.1 / 10.5).
  };
  /// `body` starts after the common header and ends before the checksum. False when malformed.
  static bool parse(Reader body, const Format& format, TableMap& out);
};

/// ROTATE-proof upper bound of columns: what both servers allow in a table.
inline constexpr std::size_t column_count_max = 4096;

}  // namespace cdc::binlog
