// Contract under fuzz: no crash, no sanitizer report, no exception but cdc::Error; views stay inside their event.
// Input: a binlog file with or without its magic bytes. Checksums are not compared, and an event that claims more than is left is cut to
// it, so that a mutation does not end the walk.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>

#include "cdc/base/error.h"
#include "cdc/binlog/control_events.h"
#include "cdc/binlog/event.h"
#include "cdc/binlog/gtid_events.h"
#include "cdc/binlog/payload_reader.h"
#include "cdc/binlog/query_event.h"
#include "cdc/binlog/rows_event.h"
#include "cdc/binlog/statement.h"
#include "cdc/binlog/table_map.h"
#include "require.h"

namespace cdc::binlog {
namespace {

/// What a decoder may need besides the event.
struct Walk {
  FormatDescription format;
  MysqlGtidSet mysql_gtids;
  MariadbGtidPosition mariadb_gtids;
  Inflater inflater;
  PayloadReader payload;
  bool inside_payload = false;
};

struct Event {
  EventHeader header{};
  Reader body;
};

void walk_event(Walk& walk, std::span<const std::byte> event, ChecksumAlgorithm checksum);

bool lies_in(std::string_view view, Reader body) {
  const auto bytes = body.rest();
  const auto* const begin = reinterpret_cast<const char*>(bytes.data());
  return view.empty() || (std::less_equal<>{}(begin, view.data()) && std::less_equal<>{}(view.data() + view.size(), begin + bytes.size()));
}

void walk_query(Walk& walk, const Event& event) {
  QueryEvent query;
  if (!QueryEvent::parse(event.header.type, event.body, walk.inflater, query)) return;
  require(lies_in(query.schema, event.body), "the schema lies in the event");
  const SqlDialect dialect = query.status().dialect();
  static_cast<void>(classify(query.sql, dialect));
  static_cast<void>(named_tables(query.sql, dialect, query.schema));
  static_cast<void>(mentions(query.sql, dialect, query.schema, [](std::string_view, std::string_view) { return false; }));
}

void walk_mysql_gtid(Walk& walk, const Event& event) {
  MysqlGtidEvent gtid;
  if (!MysqlGtidEvent::parse(event.header.type, event.body, gtid) || gtid.anonymous) return;
  require(lies_in(gtid.tag, event.body), "the tag lies in the event");
  static_cast<void>(walk.mysql_gtids.text());
  walk.mysql_gtids.add(gtid.uuid, gtid.tag, gtid.number);
  require(walk.mysql_gtids.text() == walk.mysql_gtids.to_text(), "the kept text is the set's");
}

void walk_mariadb_gtid(Walk& walk, const Event& event) {
  MariadbGtidEvent gtid;
  if (!MariadbGtidEvent::parse(event.header, event.body, gtid)) return;
  require(lies_in(gtid.xa.global, event.body) && lies_in(gtid.xa.branch, event.body), "the XA name lies in the event");
  walk.mariadb_gtids.set(gtid.gtid);
}

void walk_gtid_list(Walk& walk, const Event& event) {
  GtidListEvent list;
  if (GtidListEvent::parse(event.body, list)) walk.mariadb_gtids = list.position();
}

void walk_previous_gtids(Walk& walk, const Event& event) {
  Reader body = event.body;
  walk.mysql_gtids = MysqlGtidSet::parse_wire(body);
}

void walk_payload(Walk& walk, const Event& event) {
  if (walk.inside_payload) return;
  walk.inside_payload = true;
  try {
    walk.payload.open(event.body);
    for (auto inner = walk.payload.next(); !inner.empty(); inner = walk.payload.next()) walk_event(walk, inner, ChecksumAlgorithm::none);
  } catch (const Error&) {
  }
  walk.inside_payload = false;
}

void walk_rows(Walk& walk, const Event& event) {
  RowsView rows;
  if (!RowsView::parse(event.header.type, event.body, walk.format.table_id_size_bytes(event.header.type), rows)) return;
  if (rows.compressed) static_cast<void>(walk.inflater.inflate(rows.rows.rest()));
}

void walk_table_map(Walk& walk, const Event& event) {
  TableMap map;
  const TableMap::Format format{walk.format.table_id_size_bytes(event.header.type), walk.format.mariadb,
                                walk.format.version_number >= 80001};
  static_cast<void>(TableMap::parse(event.body, format, map));
}

/// Events that are parsed and no more.
template <class Parsed>
void walk_simple(Walk&, const Event& event) {
  Parsed out;
  static_cast<void>(Parsed::parse(event.body, out));
}
void walk_rows_query(Walk&, const Event& event) {
  RowsQueryEvent out;
  if (RowsQueryEvent::parse(event.header.type, event.body, out)) require(lies_in(out.sql, event.body), "the statement lies in the event");
}
void walk_heartbeat(Walk& walk, const Event& event) {
  HeartbeatEvent out;
  if (HeartbeatEvent::parse(event.header, event.body, walk.format.mariadb, out))
    require(lies_in(out.file, event.body), "the name lies in it");
}

struct Decoder {
  EventType type;
  void (*walk)(Walk&, const Event&);
};
constexpr Decoder decoders[] = {
    {EventType::query, walk_query},
    {EventType::query_compressed, walk_query},
    {EventType::rotate, walk_simple<RotateEvent>},
    {EventType::xid, walk_simple<XidEvent>},
    {EventType::xa_prepare, walk_simple<XaPrepareEvent>},
    {EventType::incident, walk_simple<IncidentEvent>},
    {EventType::start_encryption, walk_simple<StartEncryptionEvent>},
    {EventType::rows_query, walk_rows_query},
    {EventType::annotate_rows, walk_rows_query},
    {EventType::heartbeat, walk_heartbeat},
    {EventType::heartbeat_v2, walk_heartbeat},
    {EventType::gtid, walk_mysql_gtid},
    {EventType::anonymous_gtid, walk_mysql_gtid},
    {EventType::gtid_tagged, walk_mysql_gtid},
    {EventType::previous_gtids, walk_previous_gtids},
    {EventType::mariadb_gtid, walk_mariadb_gtid},
    {EventType::gtid_list, walk_gtid_list},
    {EventType::transaction_payload, walk_payload},
    {EventType::table_map, walk_table_map},
};

void walk_event(Walk& walk, std::span<const std::byte> bytes, ChecksumAlgorithm checksum) {
  Reader r{bytes};
  const Event event{EventHeader::parse(r), event_body(bytes, checksum)};
  if (event.body.failed()) return;
  static_cast<void>(event_type_name(event.header.type));
  if (is_rows_event(event.header.type)) return walk_rows(walk, event);
  const auto decoder = std::ranges::find(decoders, event.header.type, &Decoder::type);
  if (decoder != std::end(decoders)) decoder->walk(walk, event);
}

void walk_file(std::span<const std::byte> file) {
  constexpr std::byte magic[] = {std::byte{0xfe}, std::byte{'b'}, std::byte{'i'}, std::byte{'n'}};
  if (file.size() >= sizeof magic && std::ranges::equal(file.first(sizeof magic), magic)) file = file.subspan(sizeof magic);
  Walk walk;
  for (Reader r{file}; r.remaining() != 0;) {
    Reader ahead = r;
    const EventHeader header = EventHeader::parse(ahead);
    if (ahead.failed()) return;
    const auto event = r.take(std::min<std::uint64_t>(header.size_bytes, r.remaining()));
    static_cast<void>(checksum_matches(event, header.type == EventType::format_description));
    if (header.type == EventType::format_description)
      static_cast<void>(FormatDescription::parse(event, walk.format));
    else
      walk_event(walk, event, walk.format.checksum);
  }
}

}  // namespace
}  // namespace cdc::binlog

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cdc::binlog::walk_file(std::as_bytes(std::span{data, size}));
  return 0;
}
