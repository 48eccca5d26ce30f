#include <fmt/format.h>

#include <limits>

#include "cdc/base/error.h"
#include "cdc/binlog/control_events.h"
#include "cdc/binlog/event.h"
#include "cdc/binlog/query_event.h"
#include "cdc/mysql/binlog_channel.h"
#include "ddl_history.h"

namespace cdc::capture {
namespace {

using binlog::EventHeader;
using binlog::EventType;

/// Follows a dump from one place on, event by event, knowing each one's offset beyond 4 GiB too.
class Skimmer {
 public:
  Skimmer(DdlHistory& history, LogPlace start) : history_{history}, place_{std::move(start)} {}

  /// Where the next event begins.
  const LogPlace& place() const noexcept { return place_; }

  void on_event(std::span<const std::byte> event) {
    Reader head{event};
    const EventHeader header = EventHeader::parse(head);
    if (head.failed() || header.size_bytes != event.size()) throw_malformed("event");
    switch (header.type) {
      case EventType::format_description:
        if (!binlog::FormatDescription::parse(event, format_)) throw_malformed("format description event");
        // A dump that begins in the middle of a file is sent the file's description first.
        if (header.end_pos != 0) place_.at += event.size();
        return;
      case EventType::rotate: return on_rotate(header, event);
      case EventType::heartbeat:
      case EventType::heartbeat_v2: return;
      case EventType::query:
      case EventType::query_compressed: on_query(header.type, event); break;
      default: break;
    }
    if ((header.flags & binlog::flag_artificial) == 0) place_.at += event.size();
  }

 private:
  [[noreturn]] void throw_malformed(std::string_view what) const {
    throw Error{ErrorCode::event_malformed, Remedy::fix, fmt::format("{}:{}: malformed {}", place_.file, place_.at, what)};
  }

  /// The dump's first rotate names the place we asked for; its checksum is not known yet. A file's own
  /// rotate is followed by an artificial one that says the same; after a crash there is only the latter.
  void on_rotate(const EventHeader& header, std::span<const std::byte> event) {
    const bool artificial = (header.flags & binlog::flag_artificial) != 0;
    if (artificial && (rotated_ || format_.post_header_sizes.empty())) {
      rotated_ = false;
      return;
    }
    rotated_ = !artificial;
    binlog::RotateEvent rotate;
    if (!binlog::RotateEvent::parse(binlog::event_body(event, format_.checksum), rotate)) throw_malformed("rotate event");
    place_ = {std::string{rotate.file}, rotate.position};
  }

  void on_query(EventType type, std::span<const std::byte> event) {
    binlog::QueryEvent query;
    if (!binlog::QueryEvent::parse(type, binlog::event_body(event, format_.checksum), inflater_, query)) throw_malformed("query event");
    if (query.sql == "BEGIN" || query.sql == "COMMIT") return;
    add_statement(history_, query.sql, query.status().dialect(), query.schema, place_);
  }

  DdlHistory& history_;
  LogPlace place_;
  binlog::FormatDescription format_;
  binlog::Inflater inflater_;
  bool rotated_ = false;
};

/// The dump command has 32 bits for the offset: a start beyond them begins at the file's head. What is read
/// too much only adds DDL that lies before every row asked about.
LogPlace reachable(const LogPlace& from) {
  constexpr std::uint64_t head_at = 4;
  const bool fits = from.at >= head_at && from.at <= std::numeric_limits<std::uint32_t>::max();
  return fits ? from : LogPlace{from.file, head_at};
}

}  // namespace

void skim(DdlHistory& history, const mysql::Endpoint& endpoint, const ServerFacts& facts, std::uint32_t server_id, const LogPlace& from,
          const LogPlace& until, std::stop_token stop) {
  const LogPlace start = reachable(from);
  mysql::DumpOptions options;
  options.server_id = server_id;
  options.non_blocking = true;
  options.file = start.file;
  options.at = static_cast<std::uint32_t>(start.at);
  if (facts.version.flavor == mysql::Flavor::mysql) options.uuid = fmt::format("00000000-0000-4000-8000-{:012x}", server_id);
  mysql::BinlogChannel channel{mysql::Connection{endpoint, stop}, options, stop};
  Skimmer skimmer{history, start};
  while (before(skimmer.place(), until)) {
    const auto event = channel.next();
    if (event.empty()) return;
    skimmer.on_event(event);
  }
}

}  // namespace cdc::capture
