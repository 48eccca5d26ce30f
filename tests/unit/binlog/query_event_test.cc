#include <doctest/doctest.h>

#include "cdc/binlog/query_event.h"
#include "event_bytes.h"

namespace cdc::binlog {
namespace {

// MySQL 9.7.4: SET SESSION sql_mode='ANSI_QUOTES,NO_BACKSLASH_ESCAPES';
//              ALTER TABLE "shop"."t" ADD COLUMN "we""ird" INT, RENAME TO "shop"."u"
constexpr std::string_view alter =
    "8736036b02010000009900000089030000000008000000000000000000002f0000000000000104001000000000000603737464042d002d00ff000c0173"
    "686f7000110f0000000000000012ff00130000414c544552205441424c45202273686f70222e2274222041444420434f4c554d4e20227765222269"
    "72642220494e542c2052454e414d4520544f202273686f70222e227522c3dad766";
// MariaDB 10.11 with log_bin_compress=ON, log_bin_compress_min_len=10:
//              SET STATEMENT max_statement_time=10 FOR ALTER TABLE shop.t ADD COLUMN c INT
constexpr std::string_view compressed =
    "8936036ba5010000009d0000006206000000000400000000000000000000230000000000010100002054000000000603737464042d002d0008008106"
    "0000000000000000814b789c0b760d51080e710c71f575f50b51c84dac882f2e492c49cd4dcd2b892fc9cc4db535345070f30f5270f409710d52087174"
    "f2715528cec82fd02b517074715170f6f709f5f5534856f0f40b01008f7a1710e79c5035";

TEST_CASE("a statement of MySQL with its session's settings") {
  const TestEvent event{alter};
  Inflater inflater;
  QueryEvent query;
  REQUIRE(QueryEvent::parse(event.header.type, event.body(), inflater, query));
  CHECK(query.thread_id == 8);
  CHECK(query.error_code == 0);
  CHECK(query.schema.empty());
  CHECK(query.sql == R"(ALTER TABLE "shop"."t" ADD COLUMN "we""ird" INT, RENAME TO "shop"."u")");
  const QueryStatus status = query.status();
  CHECK(status.complete);
  CHECK(status.sql_mode == 0x100004);
  CHECK(status.client_collation == 45);
  CHECK(status.ddl_xid == 15);
  CHECK(status.dialect().ansi_quotes);
  CHECK(status.dialect().no_backslash_escapes);
  const auto accepts = [&](Reader body) {
    QueryEvent out;
    return QueryEvent::parse(EventType::query, body, inflater, out);
  };
  CHECK(accepted_sizes(event.body_bytes, accepts) == sizes(61, event.body_bytes.size() + 1));  // the statement takes the rest
}

TEST_CASE("a compressed statement of MariaDB") {
  const TestEvent event{compressed};
  Inflater inflater;
  QueryEvent query;
  REQUIRE(QueryEvent::parse(event.header.type, event.body(), inflater, query));
  CHECK(query.sql == "SET STATEMENT max_statement_time=10 FOR ALTER TABLE shop.t ADD COLUMN c INT");
  CHECK(query.status().complete);
  CHECK(query.status().ddl_xid == 6);
  CHECK(query.status().client_collation == 45);
  CHECK(!query.status().dialect().ansi_quotes);
  const auto accepts = [&](Reader body) {
    QueryEvent out;
    return QueryEvent::parse(EventType::query_compressed, body, inflater, out);
  };
  CHECK(accepted_sizes(event.body_bytes, accepts) == Sizes{event.body_bytes.size()});
}

TEST_CASE("a NUL stands behind the schema") {
  const auto good = from_hex("01000000 00000000 01 0000 0000 74 00 424547494e"),
             bad = from_hex("01000000 00000000 01 0000 0000 74 41 424547494e");
  Inflater inflater;
  QueryEvent query;
  REQUIRE(QueryEvent::parse(EventType::query, Reader{good}, inflater, query));
  CHECK(query.schema == "t");
  CHECK(query.sql == "BEGIN");
  CHECK(!QueryEvent::parse(EventType::query, Reader{bad}, inflater, query));
}

QueryStatus status_of(const ExactBytes& variables) {
  QueryEvent query;
  query.status_variables = variables;
  return query.status();
}

TEST_CASE("status variables of every form") {
  // Each is followed by the charset, which is only found when its length was right.
  struct Case {
    const char* name;
    std::string_view hex;
  };
  const Case cases[] = {
      {"flags2", "00 11111111"},
      {"sql_mode", "01 0400000000000000"},
      {"old catalog", "02 03 737464 00"},
      {"auto_increment", "03 0100 0100"},
      {"time zone", "05 06 53595354454d"},
      {"catalog", "06 03 737464"},
      {"lc_time_names", "07 0000"},
      {"schema charset", "08 0800"},
      {"tables for update", "09 0000000000000000"},
      {"master data written", "0a 00000000"},
      {"invoker", "0b 04 726f6f74 09 6c6f63616c686f7374"},
      {"one accessed schema", "0c 01 73686f7000"},
      {"two, one of them empty", "0c 02 73686f7000 00"},
      {"too many to say", "0c fe"},
      {"microseconds", "0d 000000"},
      {"explicit defaults", "10 01"},
      {"xid of DDL", "11 0f00000000000000"},
      {"utf8mb4 default", "12 ff00"},
      {"primary key required", "13 00"},
      {"table encryption", "14 00"},
      {"cascade triggers", "15 01"},
      {"MariaDB microseconds", "80 000000"},
      {"MariaDB xid", "81 0600000000000000"},
      {"MariaDB GTID flags", "82 02"},
      {"MariaDB GTID flags with a sequence", "82 04 2d00000000000000"},
      {"MariaDB collation map", "83 02 08000900 2d002e00"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto bytes = from_hex(std::string{c.hex} + "04 1c00 2d00 ff00");
    const QueryStatus status = status_of(ExactBytes{bytes});
    CHECK(status.complete);
    CHECK(status.client_collation == 28);
    CHECK(status.dialect().trail_bytes == TrailBytes::like_ascii);
    const std::size_t variable_bytes = bytes.size() - 7;
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      CAPTURE(size);
      const bool between = size == variable_bytes;
      CHECK(status_of(ExactBytes{std::span<const std::byte>{bytes}.first(size)}).complete == between);
    }
  }
}

TEST_CASE("what stood before an unknown or cut variable is kept") {
  for (const std::string_view tail : {"63 00", "ff 00000000", "01 0400", "0c 03 61 00", "0b 05 61"}) {
    CAPTURE(tail);
    const QueryStatus status = status_of(ExactBytes{from_hex("01 0400000000000000 04 2d00 2d00 ff00" + std::string{tail})});
    CHECK(!status.complete);
    CHECK(status.sql_mode == 4);
    CHECK(status.client_collation == 45);
  }
}

}  // namespace
}  // namespace cdc::binlog
