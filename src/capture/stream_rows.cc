#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/binlog/control_events.h"
#include "cdc/binlog/rows_event.h"
#include "stream_decoder.h"

namespace cdc::capture {
namespace {

using binlog::EventHeader;
using binlog::EventType;

constexpr std::string_view cure_damaged =
    "compare with the server's own mysqlbinlog; if that reads it, report this with the server version";

[[noreturn]] void throw_malformed(std::string_view what) {
  throw Error{ErrorCode::event_malformed, Remedy::fix, fmt::format("{} event is malformed", what), std::string{cure_damaged}};
}

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
    if (prepared_xa_)
      throw Error{
          ErrorCode::xa_transaction, Remedy::operate,
          fmt::format("an XA transaction changed {}: whether it commits is not known yet", qualified_name(mapped->captured->schema)),
          "commit the transaction without XA, or leave the table out: --set 'tables=…,!schema.table'"};
    if (rows.column_count != mapped->column_count) throw_malformed("rows");
    if (rows.compressed) {
      const auto plain = rows_inflater_.inflate(rows.rows.rest());
      if (!plain) throw_malformed("compressed rows");
      rows.rows = Reader{*plain};
    }
    emitter_.on_rows(rows, *mapped->captured);
  }
}

/// JSON diffs are not applied yet; rows of other tables may pass.
void StreamDecoder::on_partial_rows(Reader& body) {
  if (passed_over_) return;
  const std::uint64_t table_id = body.uint_le(map_format_.table_id_size_bytes);
  const std::uint16_t flags = body.u16();
  if (body.failed()) throw_malformed("partial rows");
  const MappedTable* const mapped = tables_.find(table_id);
  if (mapped == nullptr || mapped->captured != nullptr)
    throw Error{ErrorCode::partial_row, Remedy::operate, "a row was logged as a JSON diff (PARTIAL_UPDATE_ROWS_EVENT)",
                "SET GLOBAL binlog_row_value_options='' and reconnect the applications, then start anew with --from now"};
  if ((flags & binlog::rows_flag_statement_end) != 0) tables_.end_statement();
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
