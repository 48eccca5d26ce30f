#pragma once

/// The order in which a table's rows are read: keys packed for positions, and the SQL that continues behind one.
///
/// A range is always compared and ordered by the server, in the columns' own types and collations: nothing here knows an order. A key of
/// several columns is compared as a tuple, written out so that both products use the primary key for it:
/// `a >= x AND (a > x OR (a = x AND b > y))`.
///
/// A packed key is never SQL: it holds a hash of the key columns' definitions and each value as text, which becomes a literal only after
/// it was checked for the column's type. So a position that another hand wrote cannot inject anything, and one from before an ALTER
/// TABLE of the key is recognised.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/catalog/table_catalog.h"
#include "cdc/model/value.h"

namespace cdc::snapshot {

/// How a key column's values are written.
enum class LiteralForm : std::uint8_t {
  integer,  ///< Integers, YEAR, BIT as numbers, ENUM and SET by their number, which is also their order.
  decimal,
  real,      ///< All digits of a FLOAT or DOUBLE.
  quoted,    ///< Dates, times, UUID, INET: text of few characters.
  utf8_hex,  ///< Texts.
  hex,       ///< Bytes.
};

class TableKey {
 public:
  /// None when the table has no primary key, or one whose order is not the rows' (a key on prefixes of columns): such a table is
  /// read in one pass.
  static std::optional<TableKey> of(const catalog::CatalogTable& table);

  /// Indexes into the table's columns, in key order.
  const std::vector<std::size_t>& columns() const noexcept { return columns_; }
  /// `a`,`b`
  const std::string& order_by() const noexcept { return order_by_; }
  /// What to select for `pack_texts`.
  const std::string& text_list() const noexcept { return text_list_; }
  /// Ranges of the first column can be computed.
  bool first_is_integer() const noexcept { return first_is_integer_; }
  bool first_is_unsigned() const noexcept { return first_is_unsigned_; }
  const std::string& first_name() const noexcept { return names_.front(); }  ///< Quoted.

  /// The key of a row; `values` are the key's columns in key order. Nothing when a value cannot be written as a literal that
  /// certainly means it (text that is not valid in its charset).
  std::optional<std::string> pack(std::span<const Value> values) const;
  /// The same from `text_list`'s columns, or fewer of them: a beginning of the key stands for all keys that begin so.
  std::optional<std::string> pack_texts(std::span<const std::optional<std::string_view>> texts) const;
  /// The texts; nothing when the bytes are not a key of this table as it is now.
  std::optional<std::vector<std::string>> unpack(std::string_view packed) const;

  /// SQL: the row's key is behind `packed`, and beyond all keys that begin with it. `packed` must be one that `unpack` takes.
  std::string above(std::string_view packed) const;
  /// SQL: the row's key is `packed`, begins with it, or is before it.
  std::string up_to(std::string_view packed) const;

 private:
  std::string literal(std::size_t index, std::string_view text) const;
  std::string compare(const std::vector<std::string>& texts, char sign, bool or_equal) const;

  std::vector<std::size_t> columns_;
  std::vector<std::string> names_;  ///< Quoted.
  std::vector<LiteralForm> forms_;
  std::string order_by_, text_list_;
  bool first_is_integer_ = false, first_is_unsigned_ = false;
  std::uint32_t definition_ = 0;  ///< Hash of the columns' names and types.
};

/// An integer as a number that orders as the server orders integers of that sign; nothing when the text is none.
std::optional<std::uint64_t> rank_of(std::string_view integer_text, bool is_unsigned) noexcept;
std::string text_of_rank(std::uint64_t rank, bool is_unsigned);

}  // namespace cdc::snapshot
