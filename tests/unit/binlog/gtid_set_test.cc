#include <doctest/doctest.h>

#include <random>

#include "cdc/base/error.h"
#include "cdc/binlog/gtid_set.h"
#include "event_bytes.h"

namespace cdc::binlog {
namespace {

constexpr std::string_view a = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", b = "d70522d7-e6a3-11f1-b5d5-02fc00000001";

Uuid uuid_of(std::string_view text) {
  Uuid out{};
  REQUIRE(uuid_from_text(text, out));
  return out;
}

std::string as_text(std::string_view pattern) {
  std::string out;
  for (const char c : pattern) c == 'A' ? out += a : c == 'B' ? out += b : out += c;
  return out;
}

TEST_CASE("MySQL set text: parsed, merged, sorted, rendered") {
  struct Case {
    const char *name, *in, *out;  // A and B stand for UUIDs
  };
  const Case cases[] = {
      {"empty", "", ""},
      {"blanks only", " ,\n", ""},
      {"one number", "A:1", "A:1"},
      {"one interval", "A:1-5", "A:1-5"},
      {"an interval of one", "A:7-7", "A:7"},
      {"several", "A:1-5:7:9-11", "A:1-5:7:9-11"},
      {"touching ones join", "A:1-5:6-7", "A:1-7"},
      {"overlapping ones join", "A:3-9:1-5", "A:1-9"},
      {"a gap is filled", "A:1-3:7-9:4-6", "A:1-9"},
      {"one swallows many", "A:2:4:6:8:1-9", "A:1-9"},
      {"order", "A:9:5:1", "A:1:5:9"},
      {"two sources, sorted, blanks as SHOW prints them", "B:1-2,\nA:3", "A:3,B:1-2"},
      {"a source twice", "A:1,B:1,A:2", "A:1-2,B:1"},
      {"tags", "A:1-2:audit:1-5:b_2:1", "A:1-2:audit:1-5:b_2:1"},
      {"tags only, out of order, upper case", "A:zz:4:DUMP:1", "A:dump:1:zz:4"},
      {"a tag sticks", "A:t:1:3:5", "A:t:1:3:5"},
      {"largest number", "A:9223372036854775806", "A:9223372036854775806"},
      {"trailing comma", "A:1,", "A:1"},
      {"blanks around", " A : 1 - 5 : 7 ", "A:1-5:7"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    MysqlGtidSet set = MysqlGtidSet::parse(as_text(c.in));
    CHECK(set.to_text() == as_text(c.out));
    CHECK(set.text() == as_text(c.out));
    CHECK(set.empty() == (*c.out == '\0'));
    CHECK(MysqlGtidSet::parse(set.to_text()) == set);
    const std::string wire = set.to_wire();
    Reader r{std::as_bytes(std::span{wire})};
    CHECK(MysqlGtidSet::parse_wire(r) == set);
    CHECK(!r.failed());
  }
}

TEST_CASE("MySQL set text that is none") {
  const char* const cases[] = {"A",
                               "A:",
                               "A:tag",
                               "A:1:tag",
                               "A:0",
                               "A:-1",
                               "A:5-3",
                               "A:1-",
                               "A:1-2-3",
                               "A:1.5",
                               "A:9223372036854775807",
                               "A:99999999999999999999",
                               "A:1 2",
                               "zz",
                               "0-1-7",
                               "A;1",
                               "A:1:9tag-:1",
                               "A:tag-x:1",
                               "A::1",
                               "A:t23456789012345678901234567890123:1",
                               "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeee:1",
                               "aaaaaaaabbbb-cccc-dddd-eeeeeeeeeeeee:1",
                               "gaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee:1"};
  for (const char* const text : cases) {
    CAPTURE(text);
    try {
      MysqlGtidSet::parse(as_text(text));
      FAIL_CHECK("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::position_invalid);
      CHECK(!error.cure().empty());
    }
  }
}

TEST_CASE("UUID text") {
  Uuid uuid{};
  CHECK(uuid_from_text("AAAAAAAABBBBCCCCDDDDEEEEEEEEEEEE", uuid));
  CHECK(uuid_to_text(uuid) == a);
  for (const char* const bad : {"", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee0", "aaaaaaaa_bbbb-cccc-dddd-eeeeeeeeeeee"})
    CHECK(!uuid_from_text(bad, uuid));
}

// PREVIOUS_GTIDS of MySQL 9.7.4, tagged form, after:
//   SET gtid_next='AUTOMATIC:audit'; INSERT …; SET gtid_next='AUTOMATIC:b_2'; INSERT …;
//   SET gtid_next='aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee:far:9223372036854775806'; INSERT …; FLUSH BINARY LOGS;
constexpr std::string_view tagged_set =
    "0104000000000001aaaaaaaabbbbccccddddeeeeeeeeeeee066661720100000000000000feffffffffffff7fffffffffffffff7f"
    "d70522d7e6a311f1b5d502fc0000000100010000000000000001000000000000000300000000000000"
    "d70522d7e6a311f1b5d502fc000000010a6175646974010000000000000001000000000000000200000000000000"
    "d70522d7e6a311f1b5d502fc0000000106625f32010000000000000001000000000000000200000000000000";
constexpr std::string_view plain_set =
    "0100000000000000aaaaaaaabbbbccccddddeeeeeeeeeeee0200000000000000010000000000000006000000000000000700000000000000"
    "0900000000000000";

TEST_CASE("a set's binary form, both versions") {
  struct Case {
    const char* name;
    std::string_view hex;
    const char* text;
  };
  const Case cases[] = {{"empty", "0000000000000000", ""},
                        {"empty, tagged version", "0100000000000001", ""},
                        {"untagged", plain_set, "A:1-5:7-8"},
                        {"tagged, from a server", tagged_set, "A:far:9223372036854775806,B:1-2:audit:1:b_2:1"}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const ExactBytes bytes{from_hex(c.hex)};
    Reader r{bytes};
    const MysqlGtidSet set = MysqlGtidSet::parse_wire(r);
    CHECK(!r.failed());
    CHECK(set.to_text() == as_text(c.text));
    const auto accepts = [](Reader body) { return MysqlGtidSet::parse_wire(body), !body.failed(); };
    CHECK(accepted_sizes(bytes, accepts) == Sizes{bytes.size()});
    if (!set.empty()) {
      const std::string wire = set.to_wire();
      CHECK(std::ranges::equal(std::as_bytes(std::span{wire}), bytes.span()));
    }
  }
}

TEST_CASE("malformed binary sets fail without memory for what is not there") {
  constexpr std::string_view uuid = "aaaaaaaabbbbccccddddeeeeeeeeeeee";
  struct Case {
    const char* name;
    std::string hex;
  };
  const Case cases[] = {
      {"version 2", "0000000000000002"},
      {"version byte at one end only", "0000000000000001"},
      {"2^56-1 sources", "ffffffffffffff00"},
      {"no intervals", "0100000000000000" + std::string{uuid} + "0000000000000000"},
      {"2^64-1 intervals", "0100000000000000" + std::string{uuid} + "ffffffffffffffff"},
      {"2^60+1 intervals: their bytes overflow to 16", "0100000000000000" + std::string{uuid} + "0100000000000010" + std::string(32, '1')},
      {"begins at 0", "0100000000000000" + std::string{uuid} + "010000000000000000000000000000000100000000000000"},
      {"ends where it begins", "0100000000000000" + std::string{uuid} + "010000000000000005000000000000000500000000000000"},
      {"beyond 2^63", "0100000000000000" + std::string{uuid} + "010000000000000005000000000000000500000000000080"},
      {"intervals touch", "0100000000000000" + std::string{uuid} + "0200000000000000" + "01000000000000000300000000000000" +
                              "03000000000000000400000000000000"},
      {"a source twice", "0200000000000000" + std::string{uuid} + "010000000000000001000000000000000200000000000000" + std::string{uuid} +
                             "010000000000000001000000000000000200000000000000"},
      {"tag of 33 bytes",
       "0101000000000001" + std::string{uuid} + "42" + std::string(66, '6') + "010000000000000001000000000000000200000000000000"},
      {"tag with a capital", "0101000000000001" + std::string{uuid} + "0241" + "010000000000000001000000000000000200000000000000"},
      {"tag length of two bytes", "0101000000000001" + std::string{uuid} + "0361" + "010000000000000001000000000000000200000000000000"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const ExactBytes bytes{from_hex(c.hex)};
    Reader r{bytes};
    CHECK(MysqlGtidSet::parse_wire(r).empty());
    CHECK(r.failed());
  }
}

TEST_CASE("sets compare, subtract and merge") {
  struct Case {
    const char *left, *right, *minus, *merged;
  };
  const Case cases[] = {
      {"A:1-10", "A:3:5-6", "A:1-2:4:7-10", "A:1-10"},
      {"A:1-10", "A:1-10", "", "A:1-10"},
      {"A:5", "A:1-10", "", "A:1-10"},
      {"A:1-3:7-9", "A:2-8", "A:1:9", "A:1-9"},
      {"A:1", "B:1", "A:1", "A:1,B:1"},
      {"A:1:t:1-5", "A:t:2", "A:1:t:1:3-5", "A:1:t:1-5"},
      {"", "A:1", "", "A:1"},
      {"A:1-5", "A:6-9", "A:1-5", "A:1-9"},
      {"A:9223372036854775800-9223372036854775806", "A:9223372036854775806", "A:9223372036854775800-9223372036854775805",
       "A:9223372036854775800-9223372036854775806"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.left);
    CAPTURE(c.right);
    MysqlGtidSet left = MysqlGtidSet::parse(as_text(c.left));
    const MysqlGtidSet right = MysqlGtidSet::parse(as_text(c.right));
    CHECK(left.minus(right).to_text() == as_text(c.minus));
    CHECK(right.contains(left) == left.minus(right).empty());
    left.merge(right);
    CHECK(left.text() == as_text(c.merged));
    CHECK(left.contains(right));
  }
}

TEST_CASE("the kept text follows every added number") {
  const Uuid first = uuid_of(a), second = uuid_of(b);
  MysqlGtidSet set;
  CHECK(set.text().empty());
  std::mt19937 random{7};
  for (int round = 0; round < 3000; ++round) {
    const bool near = random() % 8 != 0;
    const Uuid& uuid = random() % 3 == 0 ? second : first;
    const std::string_view tag = random() % 5 == 0 ? "tag" : "";
    const std::int64_t number = near ? round / 4 + 1 : static_cast<std::int64_t>(random() % 3000) + 1;
    set.add(uuid, tag, number);
    CHECK(set.contains(uuid, tag, number));
    if (random() % 2 == 0) continue;
    const MysqlGtidSet again = MysqlGtidSet::parse(set.text());
    REQUIRE(again == set);
    REQUIRE(again.to_text() == set.text());
  }
}

TEST_CASE("the kept text counts up through every change of length") {
  const Uuid uuid = uuid_of(a);
  MysqlGtidSet set = MysqlGtidSet::parse(std::string{b} + ":1-3");
  for (std::int64_t number = 1; number <= 1101; ++number) {
    set.add(uuid, "", number);
    const std::string interval = number == 1 ? "1" : "1-" + std::to_string(number);
    REQUIRE(set.text() == as_text("A:" + interval + ",B:1-3"));
  }
  set.add(uuid, "", 1101);  // again: nothing changes
  CHECK(set.text() == as_text("A:1-1101,B:1-3"));
  std::string appended = "x=";
  set.append_text(appended);
  CHECK(appended == "x=" + as_text("A:1-1101,B:1-3"));
  OutputBuffer buffer;
  set.append_text(buffer);
  CHECK(buffer.view() == set.text());
}

TEST_CASE("MariaDB positions") {
  struct Case {
    const char *name, *in, *out;
  };
  const Case cases[] = {{"empty", "", ""},
                        {"one", "0-1-7", "0-1-7"},
                        {"sorted by domain, blanks", " 1-1-3 , 0-1-7 ", "0-1-7,1-1-3"},
                        {"largest", "4294967295-4294967295-18446744073709551615", "4294967295-4294967295-18446744073709551615"}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const MariadbGtidPosition position = MariadbGtidPosition::parse(c.in);
    CHECK(position.to_text() == c.out);
    OutputBuffer buffer;
    position.append_text(buffer);
    CHECK(buffer.view() == c.out);
  }
  for (const char* const bad :
       {"0", "0-1", "0-1-", "0-1-x", "4294967296-1-1", "0-1-18446744073709551616", "0-1-7-8", "-1-1-1", "0-1-7,0-2-8"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(MariadbGtidPosition::parse(bad), Error);
  }
  MariadbGtidPosition position = MariadbGtidPosition::parse("0-1-7");
  position.set({0, 2, 8});
  position.set({5, 1, 1});
  CHECK(position.to_text() == "0-2-8,5-1-1");
  REQUIRE(position.find(5) != nullptr);
  CHECK(*position.find(5) == MariadbGtid{5, 1, 1});
  CHECK(position.find(4) == nullptr);
}

}  // namespace
}  // namespace cdc::binlog
