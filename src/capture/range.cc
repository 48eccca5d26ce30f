#include "range.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cdc/base/error.h"

namespace cdc::capture {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// `domain-server-sequence`, comma separated: digits and two dashes each.
bool looks_like_mariadb_gtid(std::string_view text) noexcept {
  const auto first = text.substr(0, text.find(','));
  return std::count(first.begin(), first.end(), '-') == 2 &&
         std::all_of(first.begin(), first.end(), [](char c) { return is_digit(c) || c == '-'; });
}

/// `uuid:…`: 36 characters with dashes where a UUID has them.
bool looks_like_mysql_gtid(std::string_view text) noexcept {
  binlog::Uuid uuid;
  return text.size() > 37 && text[36] == ':' && binlog::uuid_from_text(text.substr(0, 36), uuid);
}

bool looks_like_time(std::string_view text) noexcept {
  return text.size() >= 10 && is_digit(text[0]) && is_digit(text[3]) && text[4] == '-' && text[7] == '-' && is_digit(text[9]);
}

bool parse_place(std::string_view text, LogPlace& out) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view digits = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.at);
  out.file = text.substr(0, colon);
  return error == std::errc{} && end == digits.data() + digits.size() && out.at >= 4;
}

}  // namespace

LogPlace parse_xa(std::string_view text) {
  LogPlace place;
  if (!text.empty() && !parse_place(text, place))
    throw Error{ErrorCode::position_invalid, Remedy::operate, "position: \"xa\" is no place in a log", "pass a position as it was printed"};
  return place;
}

Point parse_point(std::string_view text, std::string_view what) {
  Point point;
  const auto as = [&](PointKind kind) { return point.kind = kind, point; };
  if (text.empty()) return point;
  if (text == "now") return as(PointKind::now);
  if (text == "earliest") return as(PointKind::earliest);
  if (text.front() == '{') {
    const Position parsed = parse_position(text);
    const auto* const of_binlog = std::get_if<BinlogPosition>(&parsed);
    if (of_binlog == nullptr)
      throw Error{ErrorCode::position_invalid, Remedy::operate, fmt::format("{} is a changelog's position", what),
                  "give a place in the binlog, or engine=trigger"};
    point.position = *of_binlog;
    return as(PointKind::position);
  }
  point.mariadb_gtid = looks_like_mariadb_gtid(text);
  if (point.mariadb_gtid) {
    point.mariadb_set = binlog::MariadbGtidPosition::parse(text);
    point.gtid = point.mariadb_set.to_text();
    return as(PointKind::gtid);
  }
  if (looks_like_mysql_gtid(text)) {
    point.mysql_set = binlog::MysqlGtidSet::parse(text);
    point.gtid = point.mysql_set.to_text();
    return as(PointKind::gtid);
  }
  if (looks_like_time(text))
    throw Error{ErrorCode::setting_unavailable, Remedy::operate, fmt::format("{} with a time is not in this version", what),
                "give a GTID set or FILE:POS"};
  if (parse_place(text, point.place)) return as(PointKind::place);
  throw Error{ErrorCode::position_invalid, Remedy::operate,
              fmt::format("{} is none of: now, earliest, a GTID set, FILE:POS (POS from 4), a position as JSON", what),
              "for example --from binlog.000012:4, --from 0-1-7, or the position of a record"};
}

Point parse_until(std::string_view text) {
  Point point = parse_point(text, "--until");
  if (point.kind != PointKind::earliest && point.kind != PointKind::position) return point;
  throw Error{ErrorCode::position_invalid, Remedy::operate, "--until is none of: now, a GTID set, FILE:POS (POS from 4)",
              "for example --until now or --until binlog.000012:4"};
}

bool reached(const Point& goal, const GtidTracker& seen) {
  return goal.mariadb_gtid ? seen.reached(goal.mariadb_set) : seen.reached(goal.mysql_set);
}

}  // namespace cdc::capture
