#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/binlog/control_events.h"
#include "cdc/binlog/rows_event.h"
#include "malformed_event.h"
#include "stream_decoder.h"

namespace cdc::capture {
namespace {

using binlog::EventHeader;
using binlog::EventType;

}  // namespace

void StreamDecoder::on_table_map(const EventHeader& header, Reader& body) {
  if (group_ == Group::none || group_ == Group::announced) open_group(header, Group::implicit);
  if (passed_over_) return;
  tables_.on_table_map(body.rest(), map_format_, now());
}

void StreamDecoder::on_rows(const EventHeader& header, Reader& body) {
  binlog::RowsView rows;
  if (!binlog::RowsView::parse(header.type, body, map_format_.table_id_size_bytes, rows)) throw_malformed("rows");
  if (!passed_over_) on_wanted_rows(rows);
  if (!rows.statement_end()) return;
  tables_.end_statement();
  if (group_ == Group::implicit) end_group();
}

void StreamDecoder::on_wanted_rows(binlog::RowsView& rows) {
  const MappedTable* const mapped = tables_.find(rows.table_id);
  if (mapped == nullptr && rows.table_id != binlog::dummy_table_id)
    throw Error{ErrorCode::table_map_missing, Remedy::operate,
                fmt::format("rows of table id {} without a table map before them", rows.table_id),
                "start from the beginning of the transaction, not from its middle"};
  if (mapped != nullptr && mapped->captured != nullptr) {
    const auto of_table = [&] { return fmt::format("rows of {}:", qualified_name(mapped->captured->schema)); };
    if (rows.column_count != mapped->column_count)
      throw_malformed(fmt::format("{} {} columns where the table map has {}; the", of_table(), rows.column_count, mapped->column_count));
    if (rows.compressed) {
      const auto plain = rows_inflater_.inflate(rows.rows.rest());
      if (!plain) throw_malformed(fmt::format("{} they do not unpack; the compressed rows", of_table()));
      rows.rows = Reader{*plain};
    }
    emitter_.on_rows(rows, *mapped->captured);
  }
}

/// The whole event has a header of its own. Whether it has a checksum too, and whether its size counts one, is not documented: its own
/// sum tells the one, and either size will do.
void StreamDecoder::on_row_fragment(Reader& body) {
  if (lies_before_start()) return;
  const auto event = fragments_.add(body);
  if (event.empty()) return;
  Reader r{event};
  const EventHeader header = EventHeader::parse(r);
  const bool summed = format_.checksum == binlog::ChecksumAlgorithm::crc32 && binlog::checksum_matches(event, false);
  const std::uint64_t untold_bytes = header.size_bytes - event.size();
  const bool size_fits = untold_bytes == 0 || untold_bytes == binlog::checksum_size_bytes;
  if (r.failed() || !size_fits || !binlog::is_rows_event(header.type)) throw_malformed("rows (put together)");
  Reader rows = binlog::event_body(event, summed ? binlog::ChecksumAlgorithm::crc32 : binlog::ChecksumAlgorithm::none);
  on_rows(header, rows);
}

/// Pieces follow each other, but for a server's signs of life.
void StreamDecoder::forbid_open_fragments(const EventHeader& header) const {
  if (header.type == EventType::partial_row_data || header.type == EventType::heartbeat || header.type == EventType::heartbeat_v2) return;
  throw Error{ErrorCode::event_malformed, Remedy::fix,
              fmt::format("{} where a piece of a rows event must follow", binlog::event_type_name(header.type)), std::string{cure_damaged}};
}

/// Events inside have no checksum and no position of their own: the payload's count.
void StreamDecoder::on_payload(Reader& body) {
  if (passed_over_) return end_group();  // a payload is its transaction's whole rest
  payload_.open(body);
  for (auto event = payload_.next(); !event.empty(); event = payload_.next()) {
    Reader r{event};
    const EventHeader header = EventHeader::parse(r);
    ++stats_.events;
    if (r.failed() || header.type == EventType::transaction_payload) throw_malformed("event inside a transaction payload");
    Reader inner = binlog::event_body(event, binlog::ChecksumAlgorithm::none);
    dispatch(header, inner, event);
  }
}

void StreamDecoder::on_rows_query(const EventHeader& header, Reader& body) {
  if (!options_.want_statements || passed_over_) return;
  binlog::RowsQueryEvent query;
  if (!binlog::RowsQueryEvent::parse(header.type, body, query)) throw_malformed("rows query");
  if (group_ != Group::none) emitter_.set_statement(query.sql);
}

}  // namespace cdc::capture
