#pragma once

/// The stream's start that a snapshot's records carry, whichever engine's: what of it the snapshot changes.

#include <cstdint>
#include <optional>

#include "cdc/model/position.h"

namespace cdc::capture {

/// A view of a position that somebody else keeps.
struct SnapshotStart {
  SnapshotStart(BinlogPosition& position) noexcept : snap{position.snap}, n{position.n}, binlog{&position} {}
  SnapshotStart(ChangelogPosition& position) noexcept : snap{position.snap}, n{position.n}, changelog{&position} {}

  PositionRef position() const noexcept { return binlog != nullptr ? PositionRef{*binlog} : PositionRef{*changelog}; }

  std::optional<SnapshotProgress>& snap;
  std::uint64_t& n;
  const BinlogPosition* binlog = nullptr;  ///< One of the two.
  const ChangelogPosition* changelog = nullptr;
};

}  // namespace cdc::capture
