#include "log_skimmer.h"

#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/binlog/query_event.h"

namespace cdc::capture {

using binlog::EventType;

void LogSkimmer::on_event(const ReadEvent& event) {
  const EventType type = event.header.type;
  if (type != EventType::query && type != EventType::query_compressed) return;
  binlog::QueryEvent query;
  if (!binlog::QueryEvent::parse(type, binlog::event_body(event.bytes, event.format.checksum), inflater_, query))
    throw Error{ErrorCode::event_malformed, Remedy::fix, fmt::format("{}:{}: malformed query event", event.at.file, event.at.at)};
  if (query.sql == "BEGIN" || query.sql == "COMMIT") return;
  add_statement(history_, query.sql, query.status().dialect(), query.schema, event.at);
}

}  // namespace cdc::capture
