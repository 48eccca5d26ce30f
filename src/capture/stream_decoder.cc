#include "stream_decoder.h"

#include <fmt/format.h>

#include <chrono>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "cdc/binlog/control_events.h"
#include "malformed_event.h"

namespace cdc::capture {
namespace {

using binlog::EventHeader;
using binlog::EventType;

[[noreturn]] void throw_unsupported(EventType type, std::string_view cure) {
  throw Error{ErrorCode::event_unsupported, Remedy::operate,
              fmt::format("{} (type {}) is not supported", binlog::event_type_name(type), static_cast<unsigned>(type)), std::string{cure}};
}

/// Before the first description only the artificial ROTATE comes, and whether it carries a checksum was agreed
/// upon per session; its own sum tells.
binlog::ChecksumAlgorithm opening_checksum(std::span<const std::byte> event) {
  return binlog::checksum_matches(event, false) ? binlog::ChecksumAlgorithm::crc32 : binlog::ChecksumAlgorithm::none;
}

std::uint64_t wall_clock_s() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count());
}

void require_opening(const EventHeader& header) {
  switch (header.type) {
    case EventType::format_description:
    case EventType::rotate:
    case EventType::heartbeat:
    case EventType::heartbeat_v2: return;
    case EventType::start_v3:
      throw_unsupported(header.type, "the file was written by MySQL 4.x or older: dump and load it into a current server");
    default:
      throw Error{ErrorCode::event_malformed, Remedy::operate, "the log does not begin with a format description event",
                  "give the whole file, from its first byte"};
  }
}

}  // namespace

StreamDecoder::StreamDecoder(const CaptureOptions& options, Input input, SchemaProvider& schemas, CaptureStats& stats, LogReader& again)
    : options_{options},
      input_{input},
      schemas_{schemas},
      stats_{stats},
      again_{again},
      tables_{options.settings, options.tables, options.columns, schemas,
              options.first_table_id + (ExtraRecords::any_wanted(options.settings) ? 1 : 0)},
      guard_{options.settings, tables_},
      emitter_{options.settings, config::rules_fingerprint(options.settings, options.default_schema), stats, options.first_table_id} {
  emitter_.set_oldest_xa(prepared_.oldest());
}

void StreamDecoder::begin(LogPlace place, bool mariadb) {
  place_ = std::move(place);
  mariadb_ = mariadb;
  have_format_ = false;
  group_ = Group::none;
  fragments_.clear();
  tables_.forget_ids();
}

void StreamDecoder::check_size_and_checksum(std::span<const std::byte> event, const EventHeader& header) const {
  if (header.size_bytes != event.size())
    throw Error{ErrorCode::event_malformed, Remedy::fix, fmt::format("event says {} bytes, {} came", header.size_bytes, event.size()),
                std::string{cure_damaged}};
  const bool description = header.type == EventType::format_description;
  const bool summed =
      description ? event.size() > EventHeader::wire_size_bytes : have_format_ && format_.checksum == binlog::ChecksumAlgorithm::crc32;
  if (!summed || description) return;  // a description's own sum is checked once its algorithm byte is known
  if (!binlog::checksum_matches(event, false))
    throw Error{ErrorCode::event_checksum, Remedy::fix, "checksum does not match: the event is damaged",
                "read the same place again; if it stays, the log is damaged on the server's disk: take a new snapshot after it"};
}

/// Files count bytes. A server's events carry the low 32 bits of their end, but 0 in artificial events and in
/// MariaDB 11.4's cached ones; what the server left out (filtered by GTID) makes sums wrong, so resynchronise.
void StreamDecoder::advance(const EventHeader& header) {
  event_at_ = place_.at;
  if (input_ == Input::file) {
    place_.at += header.size_bytes;
    return;
  }
  const bool artificial = (header.flags & binlog::flag_artificial) != 0 || (header.created_at_s == 0 && header.end_pos == 0);
  const bool mid_file_description = header.type == EventType::format_description && header.end_pos == 0;
  const bool heartbeat = header.type == EventType::heartbeat || header.type == EventType::heartbeat_v2;
  if (artificial || mid_file_description || heartbeat) return;
  if (header.end_pos == 0) {
    place_.at += header.size_bytes;
    return;
  }
  place_.at = widened(header.end_pos);
  event_at_ = place_.at - header.size_bytes;
}

/// The offset not far behind `place_` that has these low bits.
std::uint64_t StreamDecoder::widened(std::uint64_t low_end) const noexcept {
  constexpr std::uint64_t low_bits = 0xFFFF'FFFF;
  const std::uint64_t end = (place_.at & ~low_bits) | low_end;
  return end + low_bits / 2 < place_.at ? end + low_bits + 1 : end;
}

void StreamDecoder::on_event(std::span<const std::byte> event) {
  event_at_ = place_.at;
  const auto frame = [this] { return fmt::format("{}:{}", place_.file, event_at_); };
  with_frame(frame, [&] {
    Reader r{event};
    const EventHeader header = EventHeader::parse(r);
    if (r.failed())
      throw Error{ErrorCode::event_malformed, Remedy::fix, "event header is cut off or impossible", std::string{cure_damaged}};
    ++stats_.events;
    stats_.bytes += event.size();
    check_size_and_checksum(event, header);
    advance(header);
    if (!have_format_) require_opening(header);
    Reader body = binlog::event_body(event, have_format_ ? format_.checksum : opening_checksum(event));
    if (body.failed() && header.type != EventType::format_description)
      throw Error{ErrorCode::event_malformed, Remedy::fix, "event is too short", std::string{cure_damaged}};
    dispatch(header, body, event);
  });
}

void StreamDecoder::dispatch(const EventHeader& header, Reader& body, std::span<const std::byte> event) {
  if (fragments_.open()) forbid_open_fragments(header);
  if (prepared_xa_ && hold_back(header, body, event)) return;
  if (on_row_path(header, body, event) || on_control_path(header, body, event)) return;
  on_other(header);
}

/// The events of ordinary traffic, most frequent first.
bool StreamDecoder::on_row_path(const EventHeader& header, Reader& body, std::span<const std::byte>) {
  switch (header.type) {
    case EventType::table_map: on_table_map(header, body); return true;
    case EventType::write_rows_v1:
    case EventType::update_rows_v1:
    case EventType::delete_rows_v1:
    case EventType::write_rows:
    case EventType::update_rows:
    case EventType::delete_rows:
    case EventType::partial_update_rows:
    case EventType::write_rows_compressed_v1:
    case EventType::update_rows_compressed_v1:
    case EventType::delete_rows_compressed_v1:
    case EventType::write_rows_compressed:
    case EventType::update_rows_compressed:
    case EventType::delete_rows_compressed: on_rows(header, body); return true;
    case EventType::partial_row_data: on_row_fragment(body); return true;
    case EventType::gtid:
    case EventType::anonymous_gtid:
    case EventType::gtid_tagged: on_mysql_gtid(header, body); return true;
    case EventType::mariadb_gtid: on_mariadb_gtid(header, body); return true;
    case EventType::query:
    case EventType::query_compressed: on_query(header, body); return true;
    case EventType::xid: end_group(); return true;
    case EventType::transaction_payload: on_payload(body); return true;
    case EventType::rows_query:
    case EventType::annotate_rows: on_rows_query(header, body); return true;
    default: return false;
  }
}

bool StreamDecoder::on_control_path(const EventHeader& header, Reader& body, std::span<const std::byte> event) {
  switch (header.type) {
    case EventType::format_description: on_format_description(event); return true;
    case EventType::rotate: on_rotate(body); return true;
    case EventType::heartbeat:
    case EventType::heartbeat_v2: on_heartbeat(header, body); return true;
    case EventType::previous_gtids: {
      auto set = binlog::MysqlGtidSet::parse_wire(body);
      if (body.failed())
        throw Error{ErrorCode::event_malformed, Remedy::fix, "previous GTIDs event is malformed", std::string{cure_damaged}};
      if (!gtids_.known()) gtids_.assume(std::move(set));
      return true;
    }
    case EventType::gtid_list: {
      binlog::GtidListEvent list;
      if (!binlog::GtidListEvent::parse(body, list))
        throw Error{ErrorCode::event_malformed, Remedy::fix, "GTID list event is malformed", std::string{cure_damaged}};
      if (!gtids_.known()) gtids_.assume(list.position());
      return true;
    }
    case EventType::xa_prepare: on_xa_prepare(header, body); return true;
    case EventType::execute_load_query: on_load(header, body); return true;
    case EventType::view_change: end_group(); return true;
    case EventType::incident: on_incident(body); return true;
    case EventType::start_encryption:
      if (input_ == Input::file)
        throw Error{ErrorCode::file_encrypted, Remedy::operate, "the file is encrypted from here on",
                    "read it through its server instead: mysql-cdc dry-run URL --from FILE:4; the server decrypts"};
      return true;
    default: return false;
  }
}

/// Events that carry no row; the others are refused by name or because nobody knows them.
void StreamDecoder::on_other(const EventHeader& header) {
  switch (header.type) {
    case EventType::stop:
    case EventType::intvar:
    case EventType::rand:
    case EventType::user_var:
    case EventType::slave:
    case EventType::ignorable:
    case EventType::transaction_context:
    case EventType::binlog_checkpoint:
    case EventType::begin_load_query:
    case EventType::append_block:
    case EventType::delete_file:
    case EventType::create_file:
    case EventType::aurora_padding:
    case EventType::large_transaction_header: return;
    default: break;
  }
  if (!lies_before_start()) refuse(header);
}

/// Behind the start, so that it counts.
void StreamDecoder::refuse(const EventHeader& header) {
  switch (header.type) {
    case EventType::load:
    case EventType::new_load:
    case EventType::exec_load: return guard_.check_load();
    case EventType::start_v3:
      throw_unsupported(header.type, "the file was written by MySQL 4.x or older: dump and load it into a current server");
    case EventType::write_rows_v0:
    case EventType::update_rows_v0:
    case EventType::delete_rows_v0:
      throw_unsupported(header.type,
                        "the file was written by a pre-release of MySQL 5.1: replay it into a released server and read that one's log");
    default: break;
  }
  if ((header.flags & binlog::flag_ignorable) != 0) {
    ++stats_.ignored_events;
    return;
  }
  throw Error{ErrorCode::event_unknown, Remedy::operate,
              fmt::format("event type {} is not known and not marked ignorable", static_cast<unsigned>(header.type)),
              "use a version of this program that knows the server's version"};
}

void StreamDecoder::on_format_description(std::span<const std::byte> event) {
  if (!binlog::FormatDescription::parse(event, format_))
    throw Error{ErrorCode::event_unsupported, Remedy::operate,
                "format description event is malformed, or of a fork with other event headers",
                "the log must be written by MySQL 5.0 or newer, or MariaDB"};
  if (format_.alpha_numbers)
    throw Error{ErrorCode::event_unsupported, Remedy::operate,
                fmt::format("the log was written by {}, an alpha with event numbers of its own", format_.server_version),
                "replay it into a released server and read that one's log"};
  if (format_.checksum == binlog::ChecksumAlgorithm::crc32 && !binlog::checksum_matches(event, true))
    throw Error{ErrorCode::event_checksum, Remedy::fix, "checksum of the format description does not match: the file is damaged",
                std::string{cure_damaged}};
  forbid_open_end();
  group_ = Group::none;
  have_format_ = true;
  mariadb_ = format_.mariadb;
  set_map_format();
  guard_.set_cascades_logged(!format_.mariadb && format_.version_number >= 90'600U);
  tables_.end_statement();
}

void StreamDecoder::set_map_format() {
  map_format_ = {format_.table_id_size_bytes(EventType::table_map), format_.mariadb,
                 format_.version_number >= (format_.mariadb ? 100'500U : 80'001U)};
}

void StreamDecoder::on_rotate(Reader& body) {
  if (input_ == Input::file) return;  // the file's own name and offsets count
  binlog::RotateEvent rotate;
  if (!binlog::RotateEvent::parse(body, rotate))
    throw Error{ErrorCode::event_malformed, Remedy::fix, "rotate event is malformed", std::string{cure_damaged}};
  place_ = {std::string{rotate.file}, rotate.position};
}

void StreamDecoder::on_heartbeat(const EventHeader& header, Reader& body) {
  binlog::HeartbeatEvent beat;
  if (!prepared_.empty()) prepared_.warn_of_old(wall_clock_s());
  if (!binlog::HeartbeatEvent::parse(header, body, mariadb_, beat)) return;  // tells nothing that is needed
  if (in_transaction() || beat.file != place_.file) return;
  place_.at = std::max(place_.at, beat.position_is_whole ? beat.position : widened(beat.position));
}

/// Whether the current event, which may stand between transactions, comes before what was asked for.
bool StreamDecoder::lies_before_start() const {
  if (in_transaction() || !resume_pending_ || resume_.place.file.empty()) return passed_over_;
  return before({place_.file, event_at_}, resume_.place);
}

void StreamDecoder::on_incident(Reader& body) {
  binlog::IncidentEvent incident;
  const bool readable = binlog::IncidentEvent::parse(body, incident);
  const bool told = readable && !incident.message.empty();
  const std::string what =
      fmt::format("the server logged an incident: changes are missing from its log ({})", told ? incident.message : "it does not say why");
  if (options_.settings.on_unsupported.incident == config::Policy::fail && !lies_before_start())
    throw Error{ErrorCode::incident, Remedy::operate, what,
                "take a new snapshot after this place; or onUnsupported.incident=warn to go on without those changes"};
  log(LogLevel::warning, fmt::format("MYC{}: {}", static_cast<unsigned>(ErrorCode::incident), what));
}

}  // namespace cdc::capture
