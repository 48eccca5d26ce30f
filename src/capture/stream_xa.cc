#include <fmt/format.h>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/binlog/control_events.h"
#include "malformed_event.h"
#include "stream_decoder.h"

namespace cdc::capture {
namespace {

using binlog::ChecksumAlgorithm;
using binlog::EventHeader;
using binlog::EventType;

/// Events of a group that make its rows.
bool makes_rows(EventType type) noexcept {
  switch (type) {
    case EventType::table_map:
    case EventType::partial_row_data:
    case EventType::rows_query:
    case EventType::annotate_rows: return true;
    default: return binlog::is_rows_event(type);
  }
}

bool opens_group(EventType type) noexcept {
  return type == EventType::gtid || type == EventType::anonymous_gtid || type == EventType::gtid_tagged || type == EventType::mariadb_gtid;
}

/// The XA transaction that an event names; empty for one that names none.
std::string xa_name_in(const EventHeader& header, Reader body, binlog::Inflater& inflater) {
  if (header.type == EventType::xa_prepare) {
    binlog::XaPrepareEvent event;
    if (!binlog::XaPrepareEvent::parse(body, event)) throw_malformed("XA prepare");
    return xa_text(event.name);
  }
  if (header.type == EventType::mariadb_gtid) {
    binlog::MariadbGtidEvent event;
    if (!binlog::MariadbGtidEvent::parse(header, body, event)) throw_malformed("GTID");
    return event.has(binlog::MariadbGtidEvent::prepared_xa) ? xa_text(event.xa) : std::string{};
  }
  binlog::QueryEvent query;
  if (header.type != EventType::query && header.type != EventType::query_compressed) return {};
  if (!binlog::QueryEvent::parse(header.type, body, inflater, query)) throw_malformed("query");
  return query.sql.starts_with("XA ") ? std::string{xa_text_of(query.sql)} : std::string{};
}

bool is_gone(ErrorCode code) noexcept { return code == ErrorCode::binlog_purged || code == ErrorCode::binlog_file_unknown; }

}  // namespace

/// While it lives, events of another place are decoded as the open group's; then all is as before, also after an Error.
class StreamDecoder::Replay {
 public:
  explicit Replay(StreamDecoder& of)
      : of_{of}, format_{of.format_}, map_format_{of.map_format_}, place_{of.place_}, event_at_{of.event_at_}, group_{of.group_} {
    of_.emitter_.set_file(place_.file);
    of_.group_ = Group::open;
    of_.prepared_xa_ = false;
    of_.tables_.end_statement();
  }
  ~Replay() {
    of_.format_ = std::move(format_);
    of_.map_format_ = map_format_;
    of_.place_ = std::move(place_);
    of_.emitter_.set_file(of_.place_.file);
    of_.event_at_ = event_at_;
    of_.group_ = group_;
    of_.tables_.end_statement();
  }
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

 private:
  StreamDecoder& of_;
  binlog::FormatDescription format_;
  const binlog::TableMap::Format map_format_;
  LogPlace place_;
  const std::uint64_t event_at_;
  const Group group_;
};

void StreamDecoder::begin_xa() {
  prepared_xa_ = true;
  held_captured_ = false;
  held_.clear();
}

/// Whether the event waits for XA COMMIT: those that make rows do.
bool StreamDecoder::hold_back(const EventHeader& header, const Reader& body, std::span<const std::byte> event) {
  if (!makes_rows(header.type)) return false;
  if (header.type == EventType::table_map && !held_captured_) {
    binlog::TableMap map;
    if (!binlog::TableMap::parse(body, map_format_, map)) throw_malformed("table map");
    held_captured_ = tables_.captures(map.schema, map.table);
  }
  held_.add(event.first(EventHeader::wire_size_bytes + body.remaining()), prepared_.room_bytes());
  return true;
}

PreparedXa::Transaction StreamDecoder::take_held(const EventHeader& header) {
  PreparedXa::Transaction out{.place = {place_.file, transaction_at_},
                              .prepared_at_s = header.created_at_s,
                              .captured = held_captured_,
                              .held = held_.whole(),
                              .map_format = map_format_};
  if (out.held && out.captured) out.events = std::move(held_);
  held_.clear();
  return out;
}

void StreamDecoder::on_xa_prepare(const EventHeader& header, Reader& body) {
  binlog::XaPrepareEvent event;
  if (!binlog::XaPrepareEvent::parse(body, event)) throw_malformed("XA prepare");
  const std::string name = xa_text(event.name);
  if (prepared_xa_) {
    PreparedXa::Transaction transaction = take_held(header);
    if (!event.one_phase)
      prepared_.prepare(name, std::move(transaction));
    else if (transaction.captured && !passed_over_)
      deliver_prepared(transaction, name);
  }
  end_group();
}

/// `sql` is the server's own `XA COMMIT X'…',X'…',1`. The transaction is known until the end of its group: positions of its records name
/// it.
void StreamDecoder::on_xa_end(std::string_view sql, bool committed) {
  ending_xa_ = xa_text_of(sql);
  if (!committed || passed_over_) return;
  const PreparedXa::Transaction* const known = prepared_.find(ending_xa_);
  if (known == nullptr)
    report_xa(fmt::format("XA COMMIT {}: prepared before this stream began to follow the log, its rows may be missing", ending_xa_));
  else if (known->captured)
    deliver_prepared(*known, ending_xa_);
}

void StreamDecoder::deliver_prepared(const PreparedXa::Transaction& prepared, std::string_view name) {
  if (!prepared.held) return read_prepared_again(prepared, name);
  const Replay replay{*this};
  map_format_ = prepared.map_format;
  place_ = prepared.place;
  event_at_ = prepared.place.at;
  prepared.events.for_each([&](std::span<const std::byte> event) { replay_one(event, ChecksumAlgorithm::none, name); });
}

void StreamDecoder::read_prepared_again(const PreparedXa::Transaction& prepared, std::string_view name) {
  const LogPlace& from = prepared.place;
  if (from.file.empty()) return report_xa(fmt::format("XA COMMIT {}: prepared on another server, its rows cannot be read again", name));
  try {
    const Replay replay{*this};
    with_frame([&] { return fmt::format("rows of XA transaction {}, read again at {}:{}", name, place_.file, event_at_); },
               [&] { again_.read(from, {}, [&](const ReadEvent& event) { return this->replay(event, name); }); });
  } catch (const Error& error) {
    if (!is_gone(error.code())) throw;
    report_xa(fmt::format("XA COMMIT {}: prepared at {}:{}, which is purged: its rows cannot be read again", name, from.file, from.at));
  }
}

/// False at the group's XA PREPARE.
bool StreamDecoder::replay(const ReadEvent& event, std::string_view name) {
  place_ = event.at;
  event_at_ = event.at.at;
  if (opens_group(event.header.type)) format_ = event.format, set_map_format();
  if (event.format.checksum == ChecksumAlgorithm::crc32 && !binlog::checksum_matches(event.bytes, false))
    throw Error{ErrorCode::event_checksum, Remedy::fix, "checksum does not match: the event is damaged", "read the same place again"};
  return replay_one(event.bytes, event.format.checksum, name);
}

/// Rows are decoded; events that name their transaction must name this one.
bool StreamDecoder::replay_one(std::span<const std::byte> event, ChecksumAlgorithm checksum, std::string_view name) {
  Reader head{event};
  const EventHeader header = EventHeader::parse(head);
  Reader body = binlog::event_body(event, checksum);
  if (makes_rows(header.type)) return on_row_path(header, body, event);
  if (header.type == EventType::transaction_payload) return replay_payload(body, name);
  const std::string told = xa_name_in(header, body, query_inflater_);
  if (!told.empty() && told != name)
    throw Error{ErrorCode::xa_transaction, Remedy::operate, fmt::format("the group there is of another transaction, {}", told),
                "the log was reset or belongs to another server: start anew with a snapshot, or with --from"};
  return header.type != EventType::xa_prepare;
}

bool StreamDecoder::replay_payload(Reader& body, std::string_view name) {
  binlog::PayloadReader payload;
  payload.open(body);
  for (auto inner = payload.next(); !inner.empty(); inner = payload.next())
    if (!replay_one(inner, ChecksumAlgorithm::none, name)) return false;
  return true;
}

void StreamDecoder::report_xa(std::string what) const {
  std::string cure =
      "compare the tables that the transaction changed with their target, then go on with onUnsupported.xaPending=warn; or take a new "
      "snapshot behind it";
  if (options_.settings.on_unsupported.xa_pending == config::Policy::fail)
    throw Error{ErrorCode::xa_transaction, Remedy::operate, std::move(what), std::move(cure)};
  log(LogLevel::warning, fmt::format("MYC{}: {}", static_cast<unsigned>(ErrorCode::xa_transaction), what));
}

}  // namespace cdc::capture
