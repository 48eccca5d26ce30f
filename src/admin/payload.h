#pragma once

/// Payload columns: a type that holds every value of the source's column, also after it was widened. Pure text.

#include <string>
#include <string_view>
#include <vector>

#include "cdc/catalog/changelog.h"

namespace cdc::admin {

/// DATA_TYPE of a COLUMN_TYPE: `int(10) unsigned` is `int`.
std::string_view data_type_of(std::string_view type_text) noexcept;

/// `BIGINT UNSIGNED`, `LONGTEXT CHARACTER SET latin1`, …; the source's own type where no other holds it exactly.
std::string payload_type(const catalog::RegisteredColumn& column);

/// The lists of a definition's script; empty images give empty lists.
struct PayloadText {
  std::string columns;  ///< `b1 BIGINT NULL, …`, a line a column.
  std::string before_columns, after_columns, old_values, new_values;
};
PayloadText payload_text(const std::vector<catalog::RegisteredColumn>& columns);

/// Payload columns of both images, without id.
std::size_t payload_column_count(const std::vector<catalog::RegisteredColumn>& columns) noexcept;

/// The most bytes that a payload row may need within its page: what InnoDB cannot move elsewhere. An upper bound.
std::size_t payload_row_bytes(const std::vector<catalog::RegisteredColumn>& columns);

}  // namespace cdc::admin
