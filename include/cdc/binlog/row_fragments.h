#pragma once

/// MariaDB's PARTIAL_ROW_DATA_EVENT (172, from 12.3): a rows event beyond binlog_row_event_fragment_threshold, in pieces.
///
/// Each piece: u32 how many there are, u32 its number from 1, u8 flags (1: u64 size of the whole event, in the first piece only),
/// then bytes of the event, its header among them. Source: MariaDB's protocol documentation, not checked against a server.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cdc/base/reader.h"

namespace cdc::binlog {

class RowFragments {
 public:
  /// Takes the next piece, without the header and the checksum around it. The whole event once it was the last one, else nothing;
  /// valid until the next call. Throws Error(event_malformed) when it is not the next piece of the same event.
  std::span<const std::byte> add(Reader body);
  /// Whether pieces are still to come.
  bool open() const noexcept { return seen_ != 0; }
  /// Forgets what came.
  void clear() noexcept;

 private:
  void begin(std::uint32_t total, std::uint64_t size_bytes);

  std::vector<std::byte> event_;
  std::uint64_t size_bytes_ = 0;  ///< Of the whole event; 0 = was not told.
  std::uint32_t total_ = 0, seen_ = 0;
};

}  // namespace cdc::binlog
