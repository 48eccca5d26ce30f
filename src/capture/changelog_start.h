#pragma once

/// Where a changelog is, and where the reading of it begins.

#include <string>

#include "cdc/capture/binlog_source.h"
#include "cdc/catalog/changelog.h"
#include "cdc/model/position.h"
#include "cdc/mysql/connection.h"
#include "changelog_tables.h"

namespace cdc::capture {

/// By the settings, else the schema that all captured tables are in. Throws Error(setting_invalid, no_table_matches).
catalog::ChangelogNames find_names(mysql::Connection& connection, const CaptureOptions& options);

/// Fingerprint of the settings that decide what is sent.
std::string rules_of(const CaptureOptions& options);

/// What a text or a stored position asks for. Throws Error (position_invalid, setting_invalid).
enum class ChangelogFrom : std::uint8_t { now, earliest, position };
ChangelogFrom changelog_from(const CaptureOptions& options, const Position& start, ChangelogPosition& position);

/// The position to read behind; for `now` what is committed is numbered first, so that it lies before. Throws Error.
ChangelogPosition choose_changelog_start(mysql::Connection& connection, const CaptureOptions& options, const catalog::ChangelogNames& names,
                                         const Position& start);

/// One line for people.
void log_connected(const mysql::Endpoint& endpoint, const mysql::Connection& connection, const catalog::ChangelogNames& names,
                   const ChangelogPosition& first);

/// Every table that `tables` matches must have triggers. Throws Error(changelog_missing) naming those without, no_table_matches.
void require_captured(mysql::Connection& connection, const CaptureOptions& options, const catalog::ChangelogNames& names,
                      ChangelogTables& tables);

}  // namespace cdc::capture
