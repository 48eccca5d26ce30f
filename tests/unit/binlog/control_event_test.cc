#include <doctest/doctest.h>

#include "cdc/binlog/control_events.h"
#include "event_bytes.h"

namespace cdc::binlog {
namespace {

TEST_CASE("ROTATE") {
  const TestEvent event{"5ae5026b044d0000002b000000863b0000000004000000000000006d2d62696e2e303030303032c98ae497"};
  RotateEvent rotate;
  REQUIRE(RotateEvent::parse(event.body(), rotate));
  CHECK(rotate.position == 4);
  CHECK(rotate.file == "m-bin.000002");
  const auto accepts = [](Reader body) {
    RotateEvent out;
    return RotateEvent::parse(body, out);
  };
  CHECK(accepted_sizes(event.body_bytes, accepts) == sizes(9, event.body_bytes.size() + 1));  // the name takes all
}

TEST_CASE("XID") {
  const auto body = from_hex("6700000000000080");
  XidEvent xid;
  REQUIRE(XidEvent::parse(Reader{body}, xid));
  CHECK(xid.xid == 0x8000000000000067);
  CHECK(accepted_sizes(body, [&](Reader cut) { return XidEvent::parse(cut, xid); }) == Sizes{8});
}

TEST_CASE("XA_PREPARE") {
  // MariaDB 10.11: XA START 'x1'; INSERT …; XA END 'x1'; XA PREPARE 'x1';
  const TestEvent event{"5ae5026b264d00000026000000f43000000000000100000002000000000000007831e230d6be"};
  XaPrepareEvent prepare;
  REQUIRE(XaPrepareEvent::parse(event.body(), prepare));
  CHECK(!prepare.one_phase);
  CHECK(prepare.name == XaName{1, "x1", ""});
  const auto accepts = [](Reader body) {
    XaPrepareEvent out;
    return XaPrepareEvent::parse(body, out);
  };
  CHECK(accepted_sizes(event.body_bytes, accepts) == Sizes{event.body_bytes.size()});
  const auto longest = from_hex(
      "01"
      "ffffffff"
      "40000000"
      "40000000" +
      std::string(256, '7'));
  REQUIRE(XaPrepareEvent::parse(Reader{longest}, prepare));
  CHECK(prepare.one_phase);
  CHECK(prepare.name.global.size() == 64);
  const auto too_long = from_hex(
      "01"
      "ffffffff"
      "41000000"
      "3f000000" +
      std::string(256, '7'));
  CHECK(!XaPrepareEvent::parse(Reader{too_long}, prepare));
}

TEST_CASE("INCIDENT") {
  const TestEvent empty_message{"33250f491a010000001a000000800000000000420000deadbeef"};  // number of bug 40482, unknown to any server
  IncidentEvent incident;
  REQUIRE(IncidentEvent::parse(empty_message.body(), incident));
  CHECK(incident.number == 0x42);
  CHECK(incident.message.empty());
  const auto body = from_hex(
      "0100"
      "04"
      "6c6f7374");
  REQUIRE(IncidentEvent::parse(Reader{body}, incident));
  CHECK(incident.number == 1);
  CHECK(incident.message == "lost");
  CHECK(accepted_sizes(body, [&](Reader cut) { return IncidentEvent::parse(cut, incident); }) == Sizes{7});
}

TEST_CASE("the statement behind rows, of both products") {
  const auto mysql = from_hex(
                 "01"
                 "53454c454354"),
             mariadb = from_hex("53454c454354");
  RowsQueryEvent query;
  REQUIRE(RowsQueryEvent::parse(EventType::rows_query, Reader{mysql}, query));  // its length byte is wrong, and means nothing
  CHECK(query.sql == "SELECT");
  REQUIRE(RowsQueryEvent::parse(EventType::annotate_rows, Reader{mariadb}, query));
  CHECK(query.sql == "SELECT");
  const auto accepts = [&](Reader body) { return RowsQueryEvent::parse(EventType::rows_query, body, query); };
  CHECK(accepted_sizes(mysql, accepts) == sizes(1, 8));
}

TEST_CASE("START_ENCRYPTION") {
  // MariaDB 10.2.28.
  const TestEvent event{"0217935da40100000028000000280100000000010100000027362c500dd297d117d8ea89fea232eb"};
  StartEncryptionEvent start;
  REQUIRE(StartEncryptionEvent::parse(event.body(), start));
  CHECK(start.scheme == 1);
  CHECK(start.key_version == 1);
  CHECK(start.nonce[0] == std::byte{0x27});
  CHECK(start.nonce[11] == std::byte{0x89});
  const auto accepts = [&](Reader body) { return StartEncryptionEvent::parse(body, start); };
  CHECK(accepted_sizes(event.body_bytes, accepts) == Sizes{17});
}

TEST_CASE("heartbeats of both products and versions") {
  struct Case {
    const char* name;
    std::string_view hex;
    bool mariadb;
    std::uint64_t position;
    bool whole;
    Sizes accepted;
  };
  const Case cases[] = {
      {"MySQL 9.7", "000000001b0100000024000000d9040000000062696e6c6f672e303030303032629870c2", false, 0x4d9, false, sizes(0, 14)},
      // COM_BINLOG_DUMP with flag 2.
      {"MySQL 9.7, version 2",
       "0000000029010000002c000000d90400000000010d62696e6c6f672e3030303030320203fcd9040065c2bda6",
       false,
       0x4d9,
       true,
       {21, 22}},
      {"MariaDB 10.11", "000000001b01000000240000006206000000 0062696e6c6f672e30303030303139ac8d5b", true, 0x662, true, sizes(0, 14)},
      {"MariaDB beyond 4 GiB", "000000001b010000002c000000000000000000 9a78563412000000 62696e6c6f672e30303030303139ac8d5b", true,
       0x123456789a, true, sizes(8, 22)},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const TestEvent event{c.hex};
    HeartbeatEvent heartbeat;
    REQUIRE(HeartbeatEvent::parse(event.header, event.body(), c.mariadb, heartbeat));
    CHECK(heartbeat.file.starts_with("binlog.00000"));
    CHECK(heartbeat.file.size() == 13);
    CHECK(heartbeat.position == c.position);
    CHECK(heartbeat.position_is_whole == c.whole);
    const auto accepts = [&](Reader body) {
      HeartbeatEvent out;
      return HeartbeatEvent::parse(event.header, body, c.mariadb, out);
    };
    CHECK(accepted_sizes(event.body_bytes, accepts) == c.accepted);
  }
}

TEST_CASE("fields of a second-version heartbeat") {
  EventHeader header{};
  header.type = EventType::heartbeat_v2;
  struct Case {
    const char* name;
    std::string_view hex;
    bool ok;
  };
  const Case cases[] = {
      {"unknown fields are stepped over", "07 02 ffff 01 01 62 02 01 04 00", true},
      {"a position of eight bytes", "01 01 62 02 09 fe 0000000001000000 00", true},
      {"no position", "01 01 62 00", false},
      {"a position cut by its field", "01 01 62 02 02 fcd904 00", false},
      {"a field longer than the event", "01 fe ffffffffffffffff 62", false},
      {"no end mark", "01 01 62 02 01 04", false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const ExactBytes body{from_hex(c.hex)};
    HeartbeatEvent out;
    CHECK(HeartbeatEvent::parse(header, Reader{body.span()}, false, out) == c.ok);
  }
}

}  // namespace
}  // namespace cdc::binlog
