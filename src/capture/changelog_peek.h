#pragma once

/// A changelog as a dry run sees it: the log and the inbox in one consistent view each time, nothing written.
///
/// What is in the inbox has no number yet. It is shown in the order and with the numbers that a reader would give it now, once, and
/// known again by its id when a reader has numbered it meanwhile.

#include <cstdint>
#include <stop_token>
#include <vector>

#include "cdc/capture/binlog_source.h"
#include "cdc/model/change_source.h"
#include "cdc/mysql/endpoint.h"

namespace cdc::capture {

/// `shown`: ids of the inbox that need not be shown. Ends `exhausted` with `until` now, at what was committed when it began. Throws Error.
SourceEnd peek_changelog(const mysql::Endpoint& endpoint, const CaptureOptions& options, const std::vector<std::uint64_t>& shown,
                         const Position& start, ChangeSink& sink, const std::stop_token& stop);

}  // namespace cdc::capture
