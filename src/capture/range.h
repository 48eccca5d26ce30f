#pragma once

/// The text forms of where to begin and end: now, earliest, GTID set, file:pos, position JSON, time.

#include <cstdint>
#include <string>
#include <string_view>

#include "cdc/binlog/gtid_set.h"
#include "cdc/model/position.h"
#include "ddl_history.h"
#include "gtid_tracker.h"

namespace cdc::capture {

enum class PointKind : std::uint8_t { never, now, earliest, gtid, place, position };

struct Point {
  PointKind kind = PointKind::never;
  std::string gtid;  ///< `gtid`: text of either product's set, checked; and the set itself.
  bool mariadb_gtid = false;
  binlog::MysqlGtidSet mysql_set;
  binlog::MariadbGtidPosition mariadb_set;
  LogPlace place;           ///< `place`.
  BinlogPosition position;  ///< `position`.
};

/// Empty text is `never`. `what` names the option in errors: `--from`. Throws Error(position_invalid) listing what is allowed.
Point parse_point(std::string_view text, std::string_view what);
/// The same for `--until`, which may not be earliest or a position.
Point parse_until(std::string_view text);

/// Records of the transaction at the position's place were delivered. Else it stands between two, and the next may begin in another file.
inline bool is_inside_transaction(const BinlogPosition& position) noexcept { return position.n != 0 && !position.snap; }

/// `xa` of a position (BinlogPosition::xa): `file:offset`; no file for an empty one.
LogPlace parse_xa(std::string_view text);

/// Whether everything in the set of `goal`, a `gtid`, was seen.
bool reached(const Point& goal, const GtidTracker& seen);

}  // namespace cdc::capture
