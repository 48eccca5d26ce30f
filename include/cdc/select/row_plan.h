#pragma once

/// What a table compiles to for reading it by SELECT: the list of expressions, and one small codec a column for the text protocol.
///
/// The server's display text of some types says less than the column holds; the expressions are chosen so that what comes back says
/// everything, and so that a row read here and the same row in the binlog are the same values:
/// FLOAT is widened, as its own text has six digits; a DOUBLE(M,D) likewise; ENUM and SET come as numbers, which the labels make
/// text afterwards; texts come as the bytes that are stored (the session asks for no conversion) and take the binlog's way to UTF-8; UUID
/// and INET come as bytes; everything else as the server prints it in a session with time_zone '+00:00'.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cdc/catalog/table_catalog.h"
#include "cdc/charset/text_charset.h"
#include "cdc/model/value.h"
#include "cdc/mysql/connection.h"

namespace cdc::select {

enum class FieldOp : std::uint8_t {
  integer,
  unsigned_integer,
  float32,
  float64,
  decimal,
  bit,
  year,
  date,
  datetime,
  timestamp,
  time,
  ordinal,  ///< ENUM and SET.
  text,     ///< Bytes in the column's charset.
  json,     ///< UTF-8.
  data,     ///< Bytes that are what the binlog has.
  bit_number,
  label,   ///< ENUM as its label, in the column's charset.
  labels,  ///< SET as its labels, joined by commas.
};

struct Field {
  FieldOp op{};
  ValueKind kind = ValueKind::bytes;  ///< Of ordinal and data.
  std::uint8_t precision = 0;         ///< Digits of a decimal; bits of a BIT.
  std::uint8_t fraction_digits = 0;   ///< Scale of a decimal; fractional-second digits.
  charset::TextCoding coding = charset::TextCoding::binary;
  std::uint32_t size_bytes = 0;     ///< Of data: what every value has; 0 = any size.
  std::uint8_t surplus_digits = 0;  ///< Of a temporal: fractional digits of the text, all zero, that the column does not have.

  bool operator==(const Field&) const = default;
};

/// A column's value in a changelog.
struct CopiedColumn {
  std::size_t column = 0;  ///< Index into the table's columns.
  std::string expression;
};

struct RowPlan {
  std::string table;                                  ///< Quoted, with its schema.
  std::string list;                                   ///< The SELECT list, in the order of `fields`.
  std::vector<Field> fields;                          ///< One a column of a decoded row.
  std::vector<std::string> names;                     ///< Of the columns, for messages.
  std::vector<std::vector<std::string>> labels = {};  ///< Of the columns, in UTF-8; filled for the ops label and labels.

  /// `columns`: indexes into `table.columns`, none hidden; the decoded row has them in this order. Throws Error(column_unsupported) for a
  /// charset, and Error(schema_mismatch) for labels, that cannot be told.
  static RowPlan compile(const catalog::CatalogTable& table, std::span<const std::size_t> columns, mysql::Flavor flavor);
  /// For values of the table's columns that were copied into the widened columns of a changelog: integers to BIGINT, BIT to BIGINT
  /// UNSIGNED, FLOAT to DOUBLE, texts and labels to LONGTEXT of the same charset, bytes to LONGBLOB, times to six fractional digits, the
  /// rest as it is. `sources`: of each decoded value the column in `table` and the copy's expression, e.g. r.`b3`; an empty expression
  /// gives NULL.
  static RowPlan compile_copies(const catalog::CatalogTable& table, std::span<const CopiedColumn> sources, mysql::Flavor flavor);
};

/// Indexes of the columns that records may show.
std::vector<std::size_t> shown_columns(const catalog::CatalogTable& table);

}  // namespace cdc::select
