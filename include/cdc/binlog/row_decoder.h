#pragma once

/// Row images to values: the innermost loop of the program.
///
/// A row image is a null bitmap over the columns that are present, then the non-null values one
/// after the other. Every value's size is compared with what is left before it is touched, so
/// corrupt bytes end in an Error, never in a read outside the event.

#include <cstddef>
#include <span>
#include <string_view>

#include "cdc/base/arena.h"
#include "cdc/base/reader.h"
#include "cdc/binlog/row_layout.h"
#include "cdc/model/value.h"

namespace cdc::binlog {

/// Which columns the images of one rows event carry: computed once an event.
struct PresentColumns {
  std::span<const std::byte> bits;  ///< One a column, LSB first.
  std::size_t count = 0;            ///< Bits set among the first `column_count`.
  bool all = false;

  static PresentColumns of(std::span<const std::byte> bits, std::size_t column_count) noexcept;
};

/// What a decoded image is like; a sink may skip work when neither holds.
struct ImageTraits {
  bool partial = false;  ///< Some slot is absent.
  bool marked = false;   ///< Some value carries a mark.
};

/// What stands before an after image of PARTIAL_UPDATE_ROWS: which of the table's JSON columns hold a list of changes (json_diff.h)
/// instead of a document.
struct PartialJson {
  std::span<const std::byte> bits;  ///< One a JSON column, of columns that the image lacks too, LSB first; empty: none.

  /// Reads it from the front of `rows`. Throws Error(value_malformed).
  static PartialJson read(Reader& rows, std::size_t json_column_count);
  bool has(std::size_t json_column) const noexcept {
    return !bits.empty() && (std::to_integer<unsigned>(bits[json_column / 8]) >> json_column % 8 & 1) != 0;
  }
};

/// Decodes images of one table into slots. Values borrow from the event or from `scratch`; the caller
/// resets `scratch` between rows.
class RowDecoder {
 public:
  explicit RowDecoder(Arena& scratch) : scratch_{scratch} {}

  /// Reads one image from the front of `rows` into `out` (slot_count values). Throws
  /// Error(value_malformed) naming the column by number and what is wrong, never its bytes.
  ImageTraits decode(const RowLayout& layout, const PresentColumns& present, Reader& rows, std::span<Value> out);
  /// The column whose value ended the last `decode`, for who knows its name; npos when none did.
  std::size_t failed_column() const noexcept { return failed_column_; }
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

 private:
  Arena& scratch_;
  std::size_t failed_column_ = npos;
};

}  // namespace cdc::binlog
