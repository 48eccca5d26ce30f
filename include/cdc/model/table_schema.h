#pragma once

/// What a table's columns look like in the records: names, types, key.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cdc {

enum class ColumnType : std::uint8_t {
  tinyint,
  smallint,
  mediumint,
  integer,
  bigint,
  float_,
  double_,
  decimal,
  bit,
  char_,
  varchar,
  text,  ///< Character data; values are `text`.
  binary,
  varbinary,
  blob,  ///< Bytes.
  date,
  time,
  datetime,
  timestamp,
  year,
  enum_,
  set,
  json,
  geometry,
  vector,
  uuid,
  inet4,
  inet6,
};

struct Column {
  std::string name;  ///< UTF-8; `@1`, `@2`… where the log has no names (TableSchema::positional).
  ColumnType type{};
  bool is_unsigned = false;
  bool nullable = true;
  bool masked = false;               ///< Values were replaced by the columns.mask setting.
  std::uint8_t precision = 0;        ///< Digits of a decimal; bits of a BIT.
  std::uint8_t fraction_digits = 0;  ///< Scale of a decimal; fractional-second digits.
  std::uint32_t length_bytes = 0;    ///< Declared maximum of CHAR/BINARY/VARCHAR; 0 elsewhere.
  std::uint32_t collation = 0;       ///< Id of the column's own collation; 0 unknown, 63 binary.
  std::vector<std::string> labels;   ///< Of ENUM and SET, UTF-8, in order; empty when unknown.

  bool operator==(const Column&) const = default;
};

/// Where the key of the records comes from.
enum class KeyKind : std::uint8_t { primary, configured, whole_row };

/// One version of one table, immutable. Lives until the source that made it ends, so references
/// may be kept by sinks for that long.
struct TableSchema {
  std::uint64_t id = 0;  ///< Unique in the process and dense from 0: an index for what a sink prepares per table.
  std::string schema;
  std::string table;
  std::vector<Column> columns;   ///< Only what records carry: excluded and hidden columns are gone.
  std::vector<std::size_t> key;  ///< Indexes into `columns`, in key order; empty = whole row.
  KeyKind key_kind = KeyKind::whole_row;
  bool event = false;       ///< No table: its records tell of what is no row change (the `events` setting).
  bool positional = false;  ///< Names were not known: columns are @1, @2…; labels and signs may be missing.
};

/// `schema.table`, as in messages and in the default collection name.
inline std::string qualified_name(const TableSchema& table) { return table.schema + '.' + table.table; }

}  // namespace cdc
