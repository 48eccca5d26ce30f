#pragma once

/// Follows a dump event by event for its DDL, decoding nothing else.

#include <cstddef>
#include <span>
#include <string_view>

#include "cdc/binlog/event.h"
#include "cdc/binlog/inflater.h"
#include "ddl_history.h"

namespace cdc::capture {

/// Knows each event's offset, beyond 4 GiB too: sizes are summed, the 32-bit positions of the headers are not used.
class LogSkimmer {
 public:
  /// The dump begins at `start`; `history` is borrowed.
  LogSkimmer(DdlHistory& history, LogPlace start) : history_{history}, place_{std::move(start)} {}

  /// Where the next event begins.
  const LogPlace& place() const noexcept { return place_; }

  /// One whole event. Throws Error(event_malformed).
  void on_event(std::span<const std::byte> event);

 private:
  [[noreturn]] void throw_malformed(std::string_view what) const;
  void on_rotate(bool artificial, std::span<const std::byte> event);
  void on_query(binlog::EventType type, std::span<const std::byte> event);

  DdlHistory& history_;
  LogPlace place_;
  binlog::FormatDescription format_;
  binlog::Inflater inflater_;
  bool rotated_ = false;  ///< The file's own rotate was just seen.
};

}  // namespace cdc::capture
