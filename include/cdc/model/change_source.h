#pragma once

/// The one interface of every engine: binlog, changelog, snapshot.

#include <cstdint>
#include <stop_token>

#include "cdc/model/change.h"

namespace cdc {

enum class SourceEnd : std::uint8_t { stopped, exhausted };

/// A stream of row changes: the binlog, a trigger-fed changelog table, or a snapshot.
class ChangeSource {
 public:
  virtual ~ChangeSource() = default;
  /// Pushes every change after `start` into `sink`, in commit order, on the calling thread; a snapshot's rows in the
  /// order of its positions, one call at a time, on threads of its own.
  /// Returns `exhausted` when no more can come (a snapshot, a file, `until` reached), `stopped`
  /// soon after a stop request. Throws Error when the stream cannot go on; what reached the sink
  /// stays valid.
  virtual SourceEnd run(const Position& start, ChangeSink& sink, std::stop_token stop) = 0;
  /// Everything up to `position` is safe downstream. Thread-safe. Default: nothing.
  virtual void acknowledge(const Position& position) { static_cast<void>(position); }
};

}  // namespace cdc
