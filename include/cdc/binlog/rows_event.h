#pragma once

/// Rows events (20–25, 30–32, 39, 166–171): the head; the row images stay undecoded for the RowDecoder.

#include <cstddef>
#include <cstdint>
#include <span>

#include "cdc/base/reader.h"
#include "cdc/binlog/event.h"

namespace cdc::binlog {

enum class RowsKind : std::uint8_t { write, update, delete_ };

inline constexpr std::uint16_t rows_flag_statement_end = 0x1;
/// Table id of the dummy rows event that only ends a statement.
inline constexpr std::uint64_t dummy_table_id = 0xFFFFFF;

/// Borrowed from the event; valid as long as its bytes.
struct RowsView {
  RowsKind kind{};
  std::uint64_t table_id = 0;
  std::uint16_t flags = 0;
  std::uint64_t column_count = 0;
  std::span<const std::byte> present_before;  ///< One bit a column, LSB first; empty for write.
  std::span<const std::byte> present_after;   ///< Empty for delete.
  Reader rows;                                ///< Row images back to back; still compressed when `compressed`.
  bool compressed = false;                    ///< MariaDB 166–171: `rows` holds a compressed body.
  bool partial_json = false;                  ///< MySQL 39: PartialJson stands before each after image.

  bool statement_end() const noexcept { return (flags & rows_flag_statement_end) != 0; }
  /// `body` starts after the common header and ends before the checksum. False when malformed.
  static bool parse(EventType type, Reader body, std::size_t table_id_size_bytes, RowsView& out) noexcept;
};

/// Whether `type` is a rows event that RowsView reads.
bool is_rows_event(EventType type) noexcept;

}  // namespace cdc::binlog
