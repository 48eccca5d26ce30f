#pragma once

/// A snapshot's progress inside a position's text.

#include <string>

#include "cdc/model/snapshot_progress.h"
#include "position_scanner.h"

namespace cdc {

/// `,"snap":{…}`
void append_progress(std::string& out, const SnapshotProgress& progress);
/// The object behind `"snap":`. Throws Error(position_invalid).
SnapshotProgress read_progress(PositionScanner& scanner);

}  // namespace cdc
