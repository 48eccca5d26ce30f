#pragma once

/// MySQL's TRANSACTION_PAYLOAD (40): the events of one transaction, compressed with zstd.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "cdc/base/reader.h"

struct ZSTD_DCtx_s;

namespace cdc::binlog {

/// Unfolds a payload as a stream and hands out its events one at a time: memory is one buffer as large
/// as the largest event within, however large the transaction. Not thread-safe.
///
/// Events inside are whole, header first, without checksum; their positions mean nothing.
/// Throws Error: payload_malformed, payload_too_large, event_unsupported (unknown compression).
class PayloadReader {
 public:
  /// Largest event inside: the largest a server takes.
  static constexpr std::size_t event_max_bytes = std::size_t{1} << 30;
  /// Largest window zstd may ask for, as a power of two: that of the highest level a server can be set to.
  static constexpr int window_log_max = 27;

  PayloadReader();

  /// `body` is the event's (event_body), borrowed until `next` has said that there is no more. What
  /// was left of an earlier payload is dropped.
  void open(Reader body);
  /// The next event; empty at the end. Valid until the next call on this object.
  std::span<const std::byte> next();

 private:
  struct Free {
    void operator()(ZSTD_DCtx_s* d) const noexcept;
  };

  bool parse_fields(Reader& body);
  std::size_t next_size(std::span<const std::byte> head) const;
  std::span<const std::byte> next_stored();
  bool ensure(std::size_t size_bytes);
  void make_room();
  void inflate_more();

  std::unique_ptr<ZSTD_DCtx_s, Free> decompressor_;
  std::span<const std::byte> packed_;   ///< Not inflated yet.
  std::uint64_t plain_left_bytes_ = 0;  ///< Declared, not inflated yet.
  bool compressed_ = false, frame_open_ = false, size_declared_ = false;

  std::unique_ptr<std::byte[]> buffer_;
  std::size_t capacity_bytes_ = 0, begin_ = 0, end_ = 0;  ///< Inflated and not handed out: [begin_, end_).
};

}  // namespace cdc::binlog
