#include <doctest/doctest.h>

#include "cdc/binlog/gtid_events.h"
#include "event_bytes.h"

namespace cdc::binlog {
namespace {

TEST_CASE("MariaDB's GTID events") {
  struct Case {
    const char* name;
    std::string_view hex;
    MariadbGtid gtid;
    int flags, extra;
    std::uint64_t start_alter;
    std::uint32_t thread;
    XaName xa;
    std::size_t least;  ///< Body bytes below which it fails; above, padding of any length.
    Sizes short_forms;  ///< Accepted below `least`.
  };
  using G = MariadbGtidEvent;
  const Case cases[] = {
      {"10.11: CREATE DATABASE shop",
       "8936036ba2010000002a0000006f0100000800010000000000000003000000290000000000002a198e66",
       {3, 1, 1},
       G::standalone | G::allow_parallel | G::ddl,
       0,
       0,
       0,
       {},
       13,
       {}},
      {"10.11: XA PREPARE of 'x1'",
       "5ae5026ba24d0000002e000000dc2f000008002800000000000000000000004c010000000200783101ff6dac68b6",
       {0, 77, 40},
       G::transactional | G::allow_parallel | G::prepared_xa,
       G::multi_engine,
       0,
       0,
       {1, "x1", ""},
       23,
       {21}},
      {"10.11: XA COMMIT 'x1'",
       "5ae5026ba24d0000002c0000002031000008002900000000000000000000008d01000000020078316ac5fcaf",
       {0, 77, 41},
       G::standalone | G::transactional | G::allow_parallel | G::completed_xa,
       0,
       0,
       0,
       {1, "x1", ""},
       21,
       {}},
      {"10.11, binlog_alter_two_phase: START ALTER",
       "5ae5026ba24d0000002a000000ac36000008002d00000000000000000000002902000000000060442836",
       {0, 77, 45},
       G::standalone | G::allow_parallel | G::ddl,
       G::start_alter,
       0,
       0,
       {},
       13,
       {}},
      {"10.11: COMMIT ALTER",
       "5ae5026ba24d0000002d0000004237000008002e000000000000000000000029042d00000000000000a0161361",
       {0, 77, 46},
       G::standalone | G::allow_parallel | G::ddl,
       G::commit_alter,
       45,
       0,
       {},
       22,
       {13}},
      {"11.8: SET SESSION server_id=9, gtid_domain_id=4; UPDATE …",
       "8b36036ba2090000002a000000b203000008000100000000000000040000000c100400000000fccaf56d",
       {4, 9, 1},
       G::transactional | G::allow_parallel,
       G::has_thread_id,
       0,
       4,
       {},
       18,
       {13}},
      {"11.8: XA PREPARE 'xid1','br',7",
       "8b36036ba20900000036000000bd04000008000200000000000000040000004c07000000040278696431627211ff040000004f6b75e0",
       {4, 9, 2},
       G::transactional | G::allow_parallel | G::prepared_xa,
       G::multi_engine | G::has_thread_id,
       0,
       4,
       {7, "xid1", "br"},
       31,
       {25}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const TestEvent event{c.hex};
    MariadbGtidEvent gtid;
    REQUIRE(MariadbGtidEvent::parse(event.header, event.body(), gtid));
    CHECK(gtid.gtid == c.gtid);
    CHECK(int{gtid.flags} == c.flags);
    CHECK(int{gtid.extra_flags} == c.extra);
    CHECK(gtid.start_alter_sequence == c.start_alter);
    CHECK(gtid.thread_id == c.thread);
    CHECK(gtid.xa == c.xa);
    const auto accepts = [&](Reader body) {
      MariadbGtidEvent out;
      return MariadbGtidEvent::parse(event.header, body, out);
    };
    Sizes expected = c.short_forms;
    for (const std::size_t size : sizes(c.least, event.body_bytes.size() + 1)) expected.push_back(size);
    CHECK(accepted_sizes(event.body_bytes, accepts) == expected);
  }
}

TEST_CASE("a MariaDB XA name beyond 64 bytes fails") {
  auto body = from_hex(
      "0100000000000000"
      "00000000"
      "40"
      "01000000"
      "41"
      "00" +
      std::string(128, '7') + "00");
  MariadbGtidEvent out;
  CHECK(!MariadbGtidEvent::parse({}, Reader{body}, out));
  body[17] = std::byte{0x40};
  CHECK(MariadbGtidEvent::parse({}, Reader{body}, out));
}

TEST_CASE("MariaDB's GTID list") {
  struct Case {
    const char* name;
    std::string hex;
    const char* position;
    int flags;
  };
  const Case cases[] = {
      {"empty", "00000000", "", 0},
      {"11.8, two domains", "02000000030000000100000003000000000000000400000009000000 0300000000000000", "3-1-3,4-9-3", 0},
      {"several servers of a domain: the last counts",
       "02000000"
       "00000000"
       "05000000"
       "0900000000000000"
       "00000000"
       "02000000"
       "0800000000000000",
       "0-2-8", 0},
      {"flags above the count",
       "01000010"
       "00000000"
       "01000000"
       "0700000000000000",
       "0-1-7", 1},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto body = from_hex(c.hex);
    GtidListEvent list;
    REQUIRE(GtidListEvent::parse(Reader{body}, list));
    CHECK(int{list.flags} == c.flags);
    CHECK(list.position().to_text() == c.position);
    const auto accepts = [](Reader cut) {
      GtidListEvent out;
      return GtidListEvent::parse(cut, out);
    };
    CHECK(accepted_sizes(body, accepts) == Sizes{body.size(), body.size() + 1});
  }
  GtidListEvent list;
  const auto lies = from_hex("ffffff0f00000000");
  CHECK(!GtidListEvent::parse(Reader{lies}, list));
}

}  // namespace
}  // namespace cdc::binlog
