#pragma once

/// Where a stream stands, and its text: compact JSON, versioned, self-sufficient, unique a record.
///
/// A record's position means "after this record". A binlog position names the start of the
/// record's transaction and how many records of it were emitted; resuming dumps from that start
/// and drops as many. So a resume never begins between a table map and its rows, and needs
/// nothing but the position.
///
/// A changelog position names the entry that was delivered last, by its dense sequence number, and how many of its records were (a key
/// change has two); none named means all. The entry's inbox id, which no restored or reinstalled changelog gives again, shows that it is
/// the same one.
///
/// While existing rows are read, the position names where the stream will begin and, in `snap`, what of the rows is delivered.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "cdc/base/output_buffer.h"
#include "cdc/model/snapshot_progress.h"

namespace cdc {

/// Text form: {"v":1,"engine":"binlog","gtid":"…","server":"0a1b2c3d","file":"binlog.000123","at":4,"n":17,"rules":"89abcdef"};
/// with `"xa":"binlog.000122:4711"` behind `at` while XA transactions are prepared, and `"snap":{…}` before `n` as snapshot_progress.h
/// says.
struct BinlogPosition {
  std::string gtid;      ///< Set before the transaction; MySQL `uuid:1-5,…`, MariaDB `0-1-7,1-1-3`, without blanks. Empty: none known.
  std::string server;    ///< 8 hex digits of the server's UUID or id; empty = unknown (files).
  std::string file;      ///< Empty when only the GTID set is known.
  std::uint64_t at = 0;  ///< Offset in `file` of the transaction's first event; 64-bit, beyond 4 GiB right.
  std::uint64_t n = 0;   ///< Records of that transaction emitted so far; with `snap`, of the snapshot.
  std::string rules;     ///< 8 hex digits over the settings that decide what is emitted.
  std::optional<SnapshotProgress> snap = std::nullopt;  ///< Present until the snapshot's last record.
  std::string xa = {};  ///< `file:offset` where the earliest XA transaction begins that is prepared and not ended yet; empty: none is.

  bool operator==(const BinlogPosition&) const = default;
};

/// Text form: {"v":1,"engine":"trigger","epoch":"0f3a6c1e-…","seq":1234,"id":1250,"n":1,"rules":"89abcdef"}; `snap` as above.
struct ChangelogPosition {
  std::string epoch;      ///< Of the installation of the changelog, as `_cdc_meta` has it: printable ASCII without quotes.
  std::uint64_t seq = 0;  ///< Of the log's entry delivered last; 0: none yet.
  std::uint64_t id = 0;   ///< Of that entry in the inbox; 0: not known.
  std::uint64_t n = 0;    ///< Its records emitted so far; 0 = all of it. With `snap`, of the snapshot.
  std::string rules;      ///< As in BinlogPosition.
  std::optional<SnapshotProgress> snap = std::nullopt;  ///< Present until the snapshot's last record.

  bool operator==(const ChangelogPosition&) const = default;
};

/// Nothing known: the source's own start rule decides.
using Position = std::variant<std::monostate, BinlogPosition, ChangelogPosition>;

/// A borrowed position of either engine, and its record number at hand, so that nobody asks which engine it is for every record.
class PositionRef {
 public:
  PositionRef(const BinlogPosition& position) noexcept : n{position.n}, binlog_{&position} {}
  PositionRef(const ChangelogPosition& position) noexcept : n{position.n}, changelog_{&position} {}

  const std::uint64_t n;

  /// One of the two; the other is null.
  const BinlogPosition* binlog() const noexcept { return binlog_; }
  const ChangelogPosition* changelog() const noexcept { return changelog_; }
  Position copy() const { return binlog_ != nullptr ? Position{*binlog_} : Position{*changelog_}; }

 private:
  const BinlogPosition* binlog_ = nullptr;
  const ChangelogPosition* changelog_ = nullptr;
};

/// Of a position, whichever engine's; null where there is none.
const SnapshotProgress* snapshot_of(const Position& position) noexcept;

/// Text around the record number, constant within a transaction: a sink renders it once for each.
class PositionText {
 public:
  /// What the last position had too is not made again.
  void render(PositionRef position);

  const std::string& before_n() const noexcept { return before_n_; }  ///< `{…,"n":`
  const std::string& after_n() const noexcept { return after_n_; }    ///< `,"rules":"…"}`

 private:
  void render_binlog(const BinlogPosition& position);
  void render_changelog(const ChangelogPosition& position);
  void render_middle(const BinlogPosition& position);
  void render_rules(const std::string& rules);
  void append_end(const std::optional<SnapshotProgress>& snap);

  std::string before_n_, after_n_;
  std::string server_, file_, rules_;  ///< What `middle_` and `after_n_` were made from.
  std::string middle_;                 ///< From `,"server":` up to the offset's digits.
  std::string rest_;                   ///< Between the offset and `,"n":`; mostly empty.
};

/// The whole text. An empty position is the empty string.
std::string to_text(const Position& position);
/// Throws Error(position_invalid): not JSON, unknown version or engine, a field missing or out of range.
Position parse_position(std::string_view text);

}  // namespace cdc
