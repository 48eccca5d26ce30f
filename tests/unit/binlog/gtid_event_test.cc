#include <doctest/doctest.h>

#include <algorithm>

#include "cdc/binlog/gtid_events.h"
#include "event_bytes.h"

namespace cdc::binlog {
namespace {

MysqlGtidEvent parse_mysql(const TestEvent& event) {
  MysqlGtidEvent out;
  REQUIRE(MysqlGtidEvent::parse(event.header.type, event.body(), out));
  return out;
}

TEST_CASE("MySQL's GTID events of every age") {
  struct Case {
    const char* name;
    std::string_view hex, uuid, tag;
    std::int64_t number, sequence_number;
    std::uint64_t commit_us, bytes;
    std::uint32_t version;
    Sizes accepted;  ///< Of the body: where an older version ended, and all behind the last field.
  };
  const Case cases[] = {
      {"5.6.41",
       "b4f5065b210100000030000000c7000000000001111111111111111111111111111111110100000000000000840e69ea",
       "11111111-1111-1111-1111-111111111111",
       "",
       1,
       0,
       0,
       0,
       0,
       {25, 26}},
      {"5.7.25, anonymous",
       "40bfa15c2201000000410000007b01000000000100000000000000000000000000000000000000000000000002010000000000000002000000000000"
       "008613f532",
       "00000000-0000-0000-0000-000000000000",
       "",
       0,
       2,
       0,
       0,
       0,
       {25, 42}},
      {"8.0.13, anonymous",
       "2986065c22010000004b000000e600000000000100000000000000000000000000000000000000000000000002000000000000000001000000000000"
       "008964a68c327c05fc65019b4d25b2",
       "00000000-0000-0000-0000-000000000000",
       "",
       0,
       1,
       1543931433477257,
       357,
       0,
       {25, 42, 49, 52}},
      {"9.7.4: CREATE DATABASE shop",
       "8736036b21010000004d000000eb000000000001d70522d7e6a311f1b5d502fc00000001010000000000000002000000000000000001000000000000"
       "007910d2c6e16006b9506201004988b4a7",
       "d70522d7-e6a3-11f1-b5d5-02fc00000001",
       "",
       1,
       1,
       1795372679827577,
       185,
       90704,
       {25, 42, 49, 50, 54}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const TestEvent event{c.hex};
    const MysqlGtidEvent gtid = parse_mysql(event);
    CHECK(uuid_to_text(gtid.uuid) == c.uuid);
    CHECK(gtid.tag == c.tag);
    CHECK(gtid.number == c.number);
    CHECK(gtid.anonymous == (c.number == 0));
    CHECK(gtid.sequence_number == c.sequence_number);
    CHECK(gtid.immediate_commit_us == c.commit_us);
    CHECK(gtid.original_commit_us == c.commit_us);
    CHECK(gtid.transaction_bytes == c.bytes);
    CHECK(gtid.immediate_version == c.version);
    CHECK(gtid.original_version == c.version);
    const auto accepts = [&](Reader body) {
      MysqlGtidEvent out;
      return MysqlGtidEvent::parse(event.header.type, body, out);
    };
    CHECK(accepted_sizes(event.body_bytes, accepts) == c.accepted);
  }
}

TEST_CASE("a replica's GTID event tells both servers' times and versions, and more may follow the ticket") {
  const std::string head =
      "01"
      "d70522d7e6a311f1b5d502fc00000001"
      "0500000000000000"
      "02"
      "0000000000000000"
      "0100000000000000";
  const std::string times =
      "7910d2c6e160 86"
      "7810d2c6e160 06";  // bit 55: the original's time follows
  const std::string rest =
      "fd010203"
      "b9506281"
      "6f380100"
      "2a00000000000000";
  const auto whole = from_hex(head + times + rest);
  const auto parse = [&](Reader body, MysqlGtidEvent& out) { return MysqlGtidEvent::parse(EventType::gtid, body, out); };
  MysqlGtidEvent gtid;
  REQUIRE(parse(Reader{whole}, gtid));
  CHECK(gtid.immediate_commit_us == 0x0660e1c6d21079);
  CHECK(gtid.original_commit_us == 0x0660e1c6d21078);
  CHECK(gtid.transaction_bytes == 0x030201);
  CHECK(gtid.immediate_version == 0x016250b9);
  CHECK(gtid.original_version == 79983);
  const auto accepts = [&](Reader body) { return parse(body, gtid); };
  CHECK(accepted_sizes(whole, accepts) == Sizes{25, 42, 56, 60, 68, 76, 77});
}

TEST_CASE("transaction numbers out of range") {
  const auto body = [](std::string_view number) { return from_hex("01" + std::string(32, '1') + std::string{number}); };
  MysqlGtidEvent out;
  CHECK(!MysqlGtidEvent::parse(EventType::gtid, Reader{ExactBytes{body("0000000000000000")}.span()}, out));
  CHECK(!MysqlGtidEvent::parse(EventType::gtid, Reader{ExactBytes{body("ffffffffffffffff")}.span()}, out));
  CHECK(!MysqlGtidEvent::parse(EventType::gtid, Reader{ExactBytes{body("ffffffffffffff7f")}.span()}, out));
  CHECK(MysqlGtidEvent::parse(EventType::gtid, Reader{ExactBytes{body("feffffffffffff7f")}.span()}, out));
  CHECK(!MysqlGtidEvent::parse(EventType::anonymous_gtid, Reader{ExactBytes{body("0100000000000000")}.span()}, out));
}

// MySQL 9.7.4 with gtid_mode=ON: SET gtid_next='AUTOMATIC:audit'; INSERT INTO shop.t VALUES (1,'one');
constexpr std::string_view tagged =
    "8736036b2a01000000520000008202000000000276000000025d030a445d0399038d0222c503d502550304f103000000020404060a61756469740808"
    "0a0c0c7f8821d2c6e16006105d051283120bee86d98d";
// … SET gtid_next='aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee:far:9223372036854775806'; INSERT INTO shop.t VALUES (3,'three');
constexpr std::string_view tagged_far =
    "8736036b2a01000000600000003c0500000000029200000002a902a902a902a902ed02ed023103310375037503b903b903b903b903b903b90304fffc"
    "ffffffffffffff060666617208080a140c7fa825d2c6e1600610a5051283120b67092b45";

TEST_CASE("tagged GTIDs from a server") {
  const TestEvent first{tagged}, far{tagged_far};
  const MysqlGtidEvent one = parse_mysql(first), other = parse_mysql(far);
  CHECK(!one.anonymous);
  CHECK(uuid_to_text(one.uuid) == "d70522d7-e6a3-11f1-b5d5-02fc00000001");
  CHECK(one.tag == "audit");
  CHECK(one.number == 1);
  CHECK(one.last_committed == 2);
  CHECK(one.sequence_number == 3);
  CHECK(one.immediate_commit_us == 1795372679831944);
  CHECK(one.original_commit_us == 1795372679831944);
  CHECK(one.transaction_bytes == 343);
  CHECK(one.immediate_version == 90704);
  CHECK(uuid_to_text(other.uuid) == "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
  CHECK(other.tag == "far");
  CHECK(other.number == gtid_number_max);
  for (const TestEvent& event : {first, far}) {
    const auto accepts = [](Reader body) {
      MysqlGtidEvent out;
      return MysqlGtidEvent::parse(EventType::gtid_tagged, body, out);
    };
    CHECK(accepted_sizes(event.body_bytes, accepts) == Sizes{event.body_bytes.size()});
  }
}

/// A tagged event from what follows its size: the size is made right.
std::vector<std::byte> tagged_body(std::string_view fields) {
  auto out = from_hex("0200" + std::string{fields});
  out[1] = static_cast<std::byte>(out.size() * 2);
  return out;
}

TEST_CASE("fields of a tagged GTID event") {
  const std::string uuid = "02 02020202020202020202020202020202 ";
  struct Case {
    const char* name;
    std::string fields;
    bool ok;
  };
  const Case cases[] = {
      {"least", "00 " + uuid + "04 04", true},
      {"no number", "00 " + uuid, false},
      {"negative number", "00 " + uuid + "04 02", false},
      {"number 0", "00 " + uuid + "04 00", false},
      {"unknown field that may be ignored, and what follows it", "00 " + uuid + "04 04 18 ffff", true},
      {"unknown field, all fields below it needed", "18 " + uuid + "04 04 18 ffff", true},
      {"unknown field that must be understood", "1a " + uuid + "04 04 18 ffff", false},
      {"fields descend", "00 04 04 " + uuid, false},
      {"a field twice", "00 " + uuid + "04 04 04 04", false},
      {"flags beyond a byte", "00 00 0104 " + uuid + "04 04", false},
      {"a uuid byte beyond a byte", "00 02 0104 0202020202020202020202020202 02 04 04", false},
      {"empty tag", "00 " + uuid + "04 04 06 00", true},
      {"tag with a capital", "00 " + uuid + "04 04 06 02 41", false},
      {"tag beyond the end", "00 " + uuid + "04 04 06 10 61", false},
      {"tag length of nine bytes", "00 " + uuid + "04 04 06 ff ffffffffffffffff 61", false},
      {"version beyond 32 bits", "00 " + uuid + "04 04 12 1f0000000001", false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const ExactBytes body{tagged_body(c.fields)};
    MysqlGtidEvent out;
    CHECK(MysqlGtidEvent::parse(EventType::gtid_tagged, Reader{body.span()}, out) == c.ok);
  }
  MysqlGtidEvent out;
  auto lies = tagged_body("00 " + uuid + "04 04");
  lies[1] = std::byte{0xfe};
  CHECK(!MysqlGtidEvent::parse(EventType::gtid_tagged, Reader{lies}, out));
  auto version_2 = tagged_body("00 " + uuid + "04 04");
  version_2[0] = std::byte{4};
  CHECK(!MysqlGtidEvent::parse(EventType::gtid_tagged, Reader{version_2}, out));
}

TEST_CASE("variable-length numbers of every width") {
  struct Case {
    const char* hex;  // of transaction_length, field 8
    std::uint64_t value;
  };
  const Case cases[] = {{"fe", 127},
                        {"0102", 128},
                        {"fdff", 16383},
                        {"030002", 1 << 14},
                        {"fbffff", (1 << 21) - 1},
                        {"07000002", 1 << 21},
                        {"0f00000002", 1ull << 28},
                        {"1f0000000002", 1ull << 35},
                        {"3f000000000002", 1ull << 42},
                        {"7f00000000000002", 1ull << 49},
                        {"7fffffffffffffff", (1ull << 56) - 1},
                        {"ff0000000000000001", 1ull << 56},
                        {"ffffffffffffffffff", ~0ull}};
  for (const Case& c : cases) {
    CAPTURE(c.hex);
    const ExactBytes body{tagged_body("00 02 02020202020202020202020202020202 04 04 10 " + std::string{c.hex})};
    MysqlGtidEvent out;
    REQUIRE(MysqlGtidEvent::parse(EventType::gtid_tagged, Reader{body.span()}, out));
    CHECK(out.transaction_bytes == c.value);
  }
}

}  // namespace
}  // namespace cdc::binlog
