#pragma once

/// Follows a log event by event for its DDL, decoding nothing else.

#include "cdc/binlog/event.h"
#include "cdc/binlog/inflater.h"
#include "ddl_history.h"
#include "log_walk.h"

namespace cdc::capture {

class LogSkimmer {
 public:
  /// `history` is borrowed.
  explicit LogSkimmer(DdlHistory& history) : history_{history} {}

  /// One whole event. Throws Error(event_malformed).
  void on_event(const ReadEvent& event);

 private:
  DdlHistory& history_;
  binlog::Inflater inflater_;
};

}  // namespace cdc::capture
