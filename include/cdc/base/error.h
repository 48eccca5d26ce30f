#pragma once

/// The one exception type of the program, its stable codes, and what a caller can do about each.

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace cdc {

/// What the caller can do about an error, not where it came from.
enum class Remedy : std::uint8_t {
  retry,    ///< Reconnect and resume after the last acknowledged position.
  operate,  ///< A person must act: grants, binlog_format, purged binlog, unsupported column.
  fix,      ///< Bytes we cannot decode, or our own invariant broken: stop, keep the position.
};

/// Stable codes: printed as `MYC1203`, documented in docs/errors.md, never renumbered.
/// 10xx settings and usage, 11xx connection, 12xx binlog stream, 13xx decoding, 14xx table
/// schemas, 15xx events that would be missed, 16xx files and output, 17xx the plugin and its host,
/// 18xx the snapshot, 19xx the changelog that triggers write.
enum class ErrorCode : std::uint16_t {
  usage = 1000,
  setting_invalid = 1001,
  setting_unknown = 1002,
  setting_unavailable = 1003,  ///< Known, but its feature is not in this version.
  url_invalid = 1004,
  config_file = 1005,
  no_table_matches = 1006,
  position_invalid = 1007,

  connect_failed = 1100,  ///< No host, refused, unreachable, timed out.
  name_lookup_failed = 1101,
  access_denied = 1102,
  tls_failed = 1103,
  tls_required = 1104,
  auth_plugin = 1105,
  connection_lost = 1106,
  query_failed = 1107,
  privilege_missing = 1108,
  server_unsupported = 1109,
  local_infile_requested = 1110,  ///< The server asked for a local file; refused.

  binlog_disabled = 1200,
  binlog_format = 1201,
  binlog_file_unknown = 1202,
  binlog_purged = 1203,
  server_id_conflict = 1204,
  gtid_ahead = 1205,  ///< The position has transactions that the server does not.
  gtid_mode = 1206,
  binlog_read_failed = 1207,  ///< The server could not read its own log.
  other_server = 1208,        ///< The position belongs to another server's history.
  position_out_of_range = 1209,

  event_malformed = 1300,
  event_unknown = 1301,
  event_checksum = 1302,
  event_unsupported = 1303,  ///< Known, refused by name.
  event_truncated = 1304,
  value_malformed = 1305,
  payload_malformed = 1306,
  table_map_missing = 1307,
  column_unsupported = 1308,
  payload_too_large = 1309,
  value_unrepresentable = 1310,  ///< The settings ask for a form that cannot say the value.

  schema_missing = 1400,
  schema_mismatch = 1401,
  schema_outdated = 1402,  ///< The table changed after the row was logged.

  statement_format = 1500,
  incident = 1501,
  truncate = 1502,
  cascade = 1503,
  xa_transaction = 1504,
  partial_row = 1505,
  rolled_back = 1506,  ///< ROLLBACK behind rows that were already in the log.

  file_unreadable = 1600,
  file_not_binlog = 1601,
  file_encrypted = 1602,
  file_truncated = 1603,
  output_failed = 1604,

  plugin_launch = 1700,   ///< The host speaks another protocol, or no socket can be made.
  call_order = 1701,      ///< The host called what cannot be at this moment.
  schema_service = 1702,  ///< The host's schema service is missing or refuses.

  snapshot_point = 1800,      ///< No way to an exact point of the binlog.
  snapshot_unsettled = 1801,  ///< No quiet moment for the views within the limits.
  snapshot_lock = 1802,       ///< Tables could not be locked in time.
  snapshot_engine = 1803,     ///< A table that no consistent view covers.
  snapshot_table = 1804,      ///< A table changed under the read: altered, dropped, renamed, truncated.

  changelog_missing = 1900,   ///< No changelog, or the table has no triggers.
  changelog_layout = 1901,    ///< Made by another version, or damaged.
  trigger_refused = 1902,     ///< The table cannot be captured by triggers as it is.
  trigger_drift = 1903,       ///< Triggers or columns are not what was installed.
  trigger_lock = 1904,        ///< A table was not free for its triggers in time.
  trigger_creators = 1905,    ///< log_bin_trust_function_creators.
  changelog_position = 1906,  ///< The position is of another installation of the changelog, or it was restored.
  changelog_purged = 1907,    ///< What is behind the position is no longer there.
  changelog_bypass = 1908,    ///< Rows changed without the triggers seeing it.
};

/// Thrown only when a stream cannot go on; what a caller expects (no row yet, snapshot finished)
/// is a return value. Never holds row values or secrets.
class Error final : public std::exception {
 public:
  /// `what`: one line. `cure`: one line, a statement or a setting where there is one; may be empty.
  Error(ErrorCode code, Remedy remedy, std::string what, std::string cure = {});

  ErrorCode code() const noexcept { return code_; }
  Remedy remedy() const noexcept { return remedy_; }
  /// Without code and cure, frames first: ``binlog.000004:1234: `shop`.`orders`: read past the end``.
  std::string_view message() const noexcept { return message_; }
  std::string_view cure() const noexcept { return cure_; }
  /// `MYC1203: <message>` and, on a second line, `  cure: <cure>` when there is one.
  const char* what() const noexcept override { return rendered_.c_str(); }
  /// Puts the outer context in front, e.g. the position or the table.
  void add_frame(std::string_view frame);

 private:
  void render();

  ErrorCode code_;
  Remedy remedy_;
  std::string message_, cure_, rendered_;
};

/// Runs `body`. An Error passing through gains an outer frame, rendered only then.
template <class Frame, class Body>
decltype(auto) with_frame(Frame&& frame, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (Error& error) {
    error.add_frame(frame());
    throw;
  }
}

}  // namespace cdc
