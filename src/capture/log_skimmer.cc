#include "log_skimmer.h"

#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/binlog/control_events.h"
#include "cdc/binlog/query_event.h"

namespace cdc::capture {

using binlog::EventHeader;
using binlog::EventType;

void LogSkimmer::throw_malformed(std::string_view what) const {
  throw Error{ErrorCode::event_malformed, Remedy::fix, fmt::format("{}:{}: malformed {}", place_.file, place_.at, what)};
}

void LogSkimmer::on_event(std::span<const std::byte> event) {
  Reader head{event};
  const EventHeader header = EventHeader::parse(head);
  if (head.failed() || header.size_bytes != event.size()) throw_malformed("event");
  const bool artificial = (header.flags & binlog::flag_artificial) != 0;
  bool in_file = !artificial;
  switch (header.type) {
    case EventType::format_description:
      if (!binlog::FormatDescription::parse(event, format_)) throw_malformed("format description event");
      // A dump that begins in the middle of a file is sent the file's description first, without a position.
      in_file = header.end_pos != 0;
      break;
    case EventType::rotate: return on_rotate(artificial, event);
    case EventType::heartbeat:
    case EventType::heartbeat_v2: return;
    case EventType::query:
    case EventType::query_compressed: on_query(header.type, event); break;
    default: break;
  }
  if (in_file) place_.at += event.size();
}

/// The dump's first rotate names the place we asked for; its checksum is not known yet. A file's own rotate is
/// followed by an artificial one that says the same; after a crash there is only the latter.
void LogSkimmer::on_rotate(bool artificial, std::span<const std::byte> event) {
  const bool first = format_.post_header_sizes.empty();
  const bool said = artificial && (first || rotated_);
  rotated_ = !artificial;
  if (said) return;
  binlog::RotateEvent rotate;
  if (!binlog::RotateEvent::parse(binlog::event_body(event, format_.checksum), rotate)) throw_malformed("rotate event");
  place_ = {std::string{rotate.file}, rotate.position};
}

void LogSkimmer::on_query(EventType type, std::span<const std::byte> event) {
  binlog::QueryEvent query;
  if (!binlog::QueryEvent::parse(type, binlog::event_body(event, format_.checksum), inflater_, query)) throw_malformed("query event");
  if (query.sql == "BEGIN" || query.sql == "COMMIT") return;
  add_statement(history_, query.sql, query.status().dialect(), query.schema, place_);
}

}  // namespace cdc::capture
