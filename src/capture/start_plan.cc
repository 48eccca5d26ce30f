#include "start_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"
#include "cdc/base/log.h"

namespace cdc::capture {
namespace {

constexpr std::uint64_t file_start = 4;
constexpr std::uint64_t addressable_end = std::uint64_t{1} << 32;  // the dump command carries 32 bits

bool is_mariadb(const ServerFacts& facts) noexcept { return facts.version.flavor == mysql::Flavor::mariadb; }

void require_file(mysql::Connection& connection, const LogPlace& place) {
  const std::vector<LogFile> files = list_log_files(connection);
  const auto it = std::find_if(files.begin(), files.end(), [&](const LogFile& file) { return file.name == place.file; });
  if (it == files.end())
    throw Error{ErrorCode::binlog_file_unknown, Remedy::operate,
                files.empty()
                    ? fmt::format("the server has no binlog file {}", place.file)
                    : fmt::format("the server has no binlog file {}; it has {} to {}", place.file, files.front().name, files.back().name),
                "start from a file it still has: --from earliest, or a newer position after a new snapshot"};
  if (place.at > it->size_bytes)
    throw Error{ErrorCode::position_out_of_range, Remedy::operate,
                fmt::format("{} has {} bytes, the position says {}", place.file, it->size_bytes, place.at),
                "the log was reset or belongs to another server: start anew with --from"};
}

void require_gtids(const ServerFacts& facts, bool mariadb_gtid) {
  if (facts.gtid && mariadb_gtid == is_mariadb(facts)) return;
  if (!facts.gtid)
    throw Error{ErrorCode::gtid_mode, Remedy::operate, "a GTID start needs gtid_mode=ON",
                "SET GLOBAL gtid_mode=ON (in its four steps), or start from FILE:POS"};
  throw Error{ErrorCode::position_invalid, Remedy::operate,
              fmt::format("the GTID is of {}, the server is {}", mariadb_gtid ? "MariaDB" : "MySQL", mariadb_gtid ? "MySQL" : "MariaDB"),
              "give a position of this server"};
}

StartPlan from_gtid(const std::string& gtid) {
  StartPlan plan;
  plan.by_gtid = plan.gtid_known = true;
  plan.gtid = gtid;
  return plan;
}

/// With GTIDs the file is read from its head, so that the set before `place` is known from then on.
StartPlan from_place(mysql::Connection& connection, const LogPlace& place) {
  require_file(connection, place);
  StartPlan plan;
  plan.place = plan.resume.place = place;
  return plan;
}

/// A log that ends before a place it once reached was reset; nothing would ever come from there.
void require_reached(const LogEnd& end, const LogPlace& place) {
  if (place.file.empty() || !before({end.file, end.at}, place)) return;
  throw Error{ErrorCode::position_out_of_range, Remedy::operate,
              fmt::format("the server's log ends at {}:{}, the position says {}:{}", end.file, end.at, place.file, place.at),
              "the log was reset (RESET MASTER, a rebuilt server): start anew with a snapshot, or with --from"};
}

StartPlan from_position(mysql::Connection& connection, const ServerFacts& facts, const CaptureOptions& options,
                        const BinlogPosition& position, const LogEnd& end) {
  const bool same_server = position.server.empty() || position.server == facts.fingerprint;
  const bool same_rules = position.rules == config::rules_fingerprint(options.settings, options.default_schema);
  if (!same_server && position.gtid.empty())
    throw Error{ErrorCode::other_server, Remedy::operate, "the position is of another server and has no GTIDs to continue by",
                "take a new snapshot, or give --from"};
  if (same_server) require_reached(end, {position.file, position.at});
  const bool by_gtid = facts.gtid && !position.gtid.empty();
  if (by_gtid) require_executed(connection, facts, position.gtid, Remedy::operate);
  StartPlan plan = by_gtid ? from_gtid(position.gtid) : from_place(connection, {position.file, position.at});
  if (same_server) plan.place = {position.file, position.at};
  plan.resume.place = plan.place;
  const bool inside = same_server && is_inside_transaction(position);
  plan.resume.exact = inside && !position.file.empty();
  plan.resume.delivered = inside && same_rules ? position.n : 0;
  if (same_server) plan.xa = parse_xa(position.xa);
  if (!same_server && !position.xa.empty())
    log(LogLevel::warning, "XA transactions were prepared on the server that the position is of: the stream stops at their XA COMMIT here");
  if (!same_server) log(LogLevel::info, "the position is of another server: continuing by GTID, its transaction is sent again whole");
  if (!same_rules && position.n != 0)
    log(LogLevel::info, "settings changed since the position was stored: its transaction is sent again whole");
  return plan;
}

}  // namespace

StartPlan plan_start(mysql::Connection& connection, const ServerFacts& facts, const CaptureOptions& options, const Position& start,
                     std::string_view from_text, const LogEnd& end) {
  if (const auto* stored = std::get_if<BinlogPosition>(&start)) return from_position(connection, facts, options, *stored, end);
  const Point from = parse_point(from_text, "--from");
  switch (from.kind) {
    case PointKind::never:
    case PointKind::now: {
      StartPlan plan;
      plan.place = plan.resume.place = {end.file, end.at};
      plan.gtid_known = facts.gtid;
      plan.gtid = end.gtid;
      return plan;
    }
    case PointKind::earliest: return from_place(connection, {list_log_files(connection).front().name, file_start});
    case PointKind::gtid:
      require_gtids(facts, from.mariadb_gtid);
      require_executed(connection, facts, from.gtid, Remedy::operate);
      return from_gtid(from.gtid);
    case PointKind::place: return from_place(connection, from.place);
    case PointKind::position: return from_position(connection, facts, options, from.position, end);
  }
  return {};
}

void require_executed(mysql::Connection& connection, const ServerFacts& facts, const std::string& gtid, Remedy remedy) {
  if (is_mariadb(facts)) return;  // refuses such a dump itself
  const auto contained = connection.query_value(fmt::format("SELECT GTID_SUBSET({}, @@GLOBAL.gtid_executed)", connection.quote(gtid)));
  if (contained != "0") return;
  throw Error{
      ErrorCode::gtid_ahead, remedy, "the position has transactions that this server never executed",
      "a replica: wait until it has caught up; else the position is of another history: check the url, or start anew with a snapshot"};
}

StartPlan plan_resume(const ServerFacts& facts, StreamDecoder& decoder, bool same_server) {
  StartPlan plan;
  plan.gtid_known = decoder.gtids().known();
  decoder.gtids().append_text(plan.gtid);
  plan.by_gtid = facts.gtid && plan.gtid_known && !plan.gtid.empty();
  if (!same_server && !plan.by_gtid)
    throw Error{ErrorCode::other_server, Remedy::operate, "the address now leads to another server, and there are no GTIDs to continue by",
                "take a new snapshot, or give --from"};
  if (!same_server) return plan;
  plan.place = decoder.transaction_place();
  plan.resume = decoder.rejoin();
  if (plan.by_gtid && !plan.resume.exact && !decoder.joining()) plan.resume = {};  // the server leaves out what was seen
  return plan;
}

PreparedXa find_prepared(LogReader& log_reader, const StartPlan& plan) {
  PreparedXa open;
  if (plan.xa.file.empty()) return open;
  XaSkimmer skimmer{open};
  try {
    log_reader.read(plan.xa, plan.resume.place, [&](const ReadEvent& event) { return skimmer.on_event(event), true; });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::binlog_purged && error.code() != ErrorCode::binlog_file_unknown) throw;
    log(LogLevel::warning,
        fmt::format("XA transactions that are prepared at {}:{} or behind it are still open, and that log is gone: the stream stops at "
                    "their XA COMMIT",
                    plan.xa.file, plan.xa.at));
  }
  return open;
}

void set_dump_start(const StartPlan& plan, const ServerFacts& facts, mysql::DumpOptions& options) {
  if (plan.by_gtid) {
    options.gtid_start = true;
    if (is_mariadb(facts))
      options.mariadb_gtid = plan.gtid;
    else
      options.mysql_gtid_wire = binlog::MysqlGtidSet::parse(plan.gtid).to_wire();
    return;
  }
  options.file = plan.place.file;
  const bool read_head = (facts.gtid && !plan.gtid_known) || plan.place.at >= addressable_end;
  options.at = static_cast<std::uint32_t>(read_head ? file_start : plan.place.at);
}

}  // namespace cdc::capture
