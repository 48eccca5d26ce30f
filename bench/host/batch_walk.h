#pragma once

/// Walks the records of a batch by their framing alone: nothing in them is decoded.
///
/// Format: connector.v2 Source.Run.Response, field 1 repeated records, each of which begins with its position, field 1 too. The
/// bytes of that field are, as they stand, an acknowledgement: field 1 of Source.Run.Request.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cdc::bench {

class BatchWalk {
 public:
  /// `message` is borrowed.
  explicit BatchWalk(std::string_view message) : rest_{message} {}

  /// The position field of the next record, tag and length included; none behind the last one, or when the rest is malformed.
  std::optional<std::string_view> next() noexcept;
  std::size_t left() const noexcept { return rest_.size(); }  ///< Bytes behind the last one given.
  bool malformed() const noexcept { return malformed_; }

 private:
  std::string_view rest_;
  bool malformed_ = false;
};

}  // namespace cdc::bench
