#pragma once

/// Where the changes are read: the binlog where it can be, else the changelog that triggers write.
///
/// A stored position decides, as it means nothing to the other engine. Else the setting does; `auto` begins with the binlog, and what that
/// says before anything was read decides: it is off, of another format, or forbidden, and a changelog is installed. Later nothing changes
/// over: a reader that stops reading the log has its reasons told.

#include <stop_token>

#include "cdc/base/error.h"
#include "cdc/capture/binlog_source.h"
#include "cdc/model/position.h"
#include "cdc/mysql/endpoint.h"

namespace cdc::capture {

/// As far as it can be told without a server; auto_ where not. Throws Error(position_invalid) for a position of the other engine than the
/// one asked for.
config::Engine engine_by_position(const CaptureOptions& options, const Position& start);

/// Whether the binlog's refusal is one that a changelog helps with.
bool is_for_changelog(const Error& refusal) noexcept;
/// Logs the choice when there is a changelog; else throws one error with both cures.
void require_changelog_instead(const mysql::Endpoint& endpoint, const CaptureOptions& options, const Error& refusal,
                               const std::stop_token& stop);

}  // namespace cdc::capture
