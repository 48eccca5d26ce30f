#include <doctest/doctest.h>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

using namespace std::string_literals;
using binlog::EventType;

/// A map of `shop`.`t`: `id` INT and `broken`, of one type.
std::string map_of(unsigned type, const std::string& metadata, unsigned collation) {
  return le(77, 6) + le(1, 2) + counted("shop") + '\0' + counted("t") + '\0' + byte(2) + "\x03" + byte(type) + counted(metadata) + byte(3) +
         byte(2) + counted("\xfc" + le(collation, 2)) + byte(4) + counted(counted("id") + counted("broken"));
}

LogScript log_of(const std::string& version, const std::string& map, const std::string& value) {
  LogScript log{version};
  version.find("MariaDB") == std::string::npos ? log.gtid(1).begin() : log.mariadb_gtid(1);
  return log.event(EventType::table_map, map).event(EventType::write_rows, rows_head(77, true) + byte(0) + le(7, 4) + value);
}

struct Bad {
  std::string value, what;
};
struct Case {
  std::string name;
  unsigned type;
  std::string metadata;
  unsigned collation;
  std::string good;
  std::vector<Bad> bad;
  std::string version = "8.0.45";
};

const std::string mariadb = "10.11.6-MariaDB";
const std::string zlib_of_abc = "\x78\x9c\x4b\x4c\x4a\x06\x00\x02\x4d\x01\x27"s;

const Case cases[] = {
    {"TINYINT", 1, "", 0, le(1, 1), {}},
    {"SMALLINT", 2, "", 0, le(1, 2), {}},
    {"MEDIUMINT", 9, "", 0, le(1, 3), {}},
    {"INT", 3, "", 0, le(1, 4), {}},
    {"BIGINT", 8, "", 0, le(1, 8), {}},
    {"FLOAT", 4, byte(4), 0, le(0, 4), {}},
    {"DOUBLE", 5, byte(8), 0, le(0, 8), {}},
    {"DECIMAL", 246, byte(10) + byte(2), 0, "\x80\0\0\0\0"s, {}},
    {"BIT", 16, byte(1) + byte(1), 0, le(1, 2), {}},
    {"YEAR", 13, "", 0, le(100, 1), {}},
    {"DATE", 10, "", 0, le(2024 << 9 | 2 << 5 | 29, 3), {{le(0xffffff, 3), "the DATE is out of range"}}},
    {"old TIME", 11, "", 0, le(235959, 3), {{le(236099, 3), "the old TIME is out of range"}}},
    {"old DATETIME", 12, "", 0, le(20240229235959, 8), {{le(20241329235959, 8), "the old DATETIME is out of range"}}},
    {"old TIMESTAMP", 7, "", 0, le(1, 4), {}},
    {"TIME",
     19,
     byte(6),
     0,
     "\x80\0\0\0\0\0"s,
     {{"\xff\xff\xff\0\0\0"s, "the TIME is out of range"}, {"\x80\0\0\xff\xff\xff"s, "the TIME is out"}}},
    {"DATETIME",
     18,
     byte(3),
     0,
     "\x80\0\0\0\0\0\0"s,
     {{"\x7f\0\0\0\0\0\0"s, "the DATETIME is out of range"}, {"\x80\0\0\0\x3f\0\0"s, "the DATETIME is"}}},
    {"TIMESTAMP", 17, byte(2), 0, "\0\0\0\1\0"s, {{"\0\0\0\1\xff"s, "the TIMESTAMP is out of range"}}},
    {"ENUM", 254, "\xf7\2"s, 255, le(1, 2), {}},
    {"SET", 254, "\xf8\3"s, 255, le(1, 3), {}},
    {"text", 15, le(20, 2), 255, counted("abc"), {{byte(200) + "abc", "the text says that it has 200 bytes, and 3 are left in the event"}}},
    {"text", 15, le(400, 2), 8, le(3, 2) + "abc", {{le(60000, 2) + "abc", "the text says that it has 60000 bytes, and 3 are left"}}},
    {"text",
     252,
     byte(4),
     28,
     le(2, 4) + "\xd6\xd0",
     {{le(0xffffffff, 4) + "abc", "the text says that it has 4294967295 bytes, and 3 are left"}}},
    {"bytes", 252, byte(3), 63, le(1, 3) + "x", {{le(0xffffff, 3), "the bytes says that it has 16777215 bytes, and 0 are left"}}},
    {"fixed-length bytes",
     254,
     "\xfe\x10"s,
     63,
     byte(1) + "x",
     {{byte(16) + "x", "the fixed-length bytes says that it has 16 bytes, and 1 are"}}},
    {"JSON", 245, byte(4), 0, le(2, 4) + "\4\0"s, {{le(9, 4), "the JSON says that it has 9 bytes, and 0 are left in the event"}}},
    {"spatial value", 255, byte(4), 0, le(4, 4) + le(0, 4), {{le(3, 4) + "abc", "the spatial value of 3 bytes is none"}}},
    {"VECTOR", 242, byte(4), 0, le(4, 4) + le(0, 4), {{le(5, 4) + "abcde", "the VECTOR of 5 bytes is none"}}},
    {"COMPRESSED value",
     140,
     byte(2),
     255,
     le(13, 2) + "\x81\3" + zlib_of_abc,
     {{le(2, 2) + "\x81\3", "the COMPRESSED value of 2 bytes is none"},
      {le(13, 2) + "\x91\3" + zlib_of_abc, "the COMPRESSED value of 13 bytes is none"},
      {le(13, 2) + "\x81\4" + zlib_of_abc, "the COMPRESSED value of 13 bytes is none"},
      {le(4, 2) + "\x83\xff\xff\xff", "the COMPRESSED value of 4 bytes is none"}},
     mariadb},
};

/// What every error of a value says first: file, offset, table, row, column.
std::string place_of(const LogScript& log) {
  return fmt::format("MYC1305: binlog.000001:{}: `shop`.`t` row 1 of the event, `broken`: column 2: the ", log.events().back().at);
}

TEST_CASE("the error of a value names file, offset, table, row, column and what is wrong, whatever its type") {
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const std::string map = map_of(c.type, c.metadata, c.collation);
    CHECK(error_of(log_of(c.version, map, c.good)).empty());
    for (std::size_t size = 0; size < c.good.size(); ++size) {
      const LogScript log = log_of(c.version, map, c.good.substr(0, size));
      CAPTURE(size);
      const std::string error = error_of(log);
      CHECK_MESSAGE((error.starts_with(place_of(log) + c.name) || error.starts_with(place_of(log) + "length of the " + c.name)), error);
      CHECK_MESSAGE((error.find("left in the event") != std::string::npos || error.find("cut off") != std::string::npos), error);
    }
    for (const Bad& bad : c.bad) {
      const LogScript log = log_of(c.version, map, bad.value);
      const std::string error = error_of(log);
      CHECK_MESSAGE(error.find(place_of(log)) == 0, error);
      CHECK_MESSAGE(error.find(bad.what) != std::string::npos, error);
      CHECK(error.find("\n  cure: ") != std::string::npos);
    }
  }
}

TEST_CASE("a byte behind the last value is the head of a row that is cut off") {
  const LogScript log = log_of("8.0.45", map_of(1, "", 0), le(1, 2));
  CHECK_MESSAGE(
      error_of(log).find("`shop`.`t` row 2 of the event, `id`: column 1: the INT takes 4 bytes, and 0 are left") != std::string::npos,
      error_of(log));
}

TEST_CASE("a type number or a charset never seen is refused by name") {
  const struct {
    std::string name;
    unsigned type;
    std::string metadata;
    unsigned collation;
    std::string said;
  } refused[] = {
      {"a type of a later version", 200, "", 255, "column 2 `broken`: wire type 200 cannot be decoded: unknown to this version"},
      {"MySQL 4's DECIMAL", 0, "", 255, "column 2 `broken`: wire type 0 cannot be decoded: the DECIMAL of MySQL 4"},
      {"a typed array", 20, "", 255, "column 2 `broken`: wire type 20 cannot be decoded: a typed array"},
      {"NULL", 6, "", 255, "wire type 6 cannot be decoded: NULL"},
      {"a charset of a later version", 15, le(20, 2), 9999, "`broken` has the collation number 9999, whose charset is not known"},
  };
  for (const auto& c : refused) {
    CAPTURE(c.name);
    const LogScript log = log_of("8.0.45", map_of(c.type, c.metadata, c.collation), counted("abc"));
    const std::string error = error_of(log);
    CHECK_MESSAGE(error.starts_with(fmt::format("MYC1308: binlog.000001:{}: `shop`.`t`", log.events()[3].at)), error);
    CHECK_MESSAGE(error.find(c.said) != std::string::npos, error);
    CHECK(error.find("\n  cure: ") != std::string::npos);
  }
}

TEST_CASE("a table map that is malformed names its table and what does not fit") {
  const struct {
    std::string name, body, said;
  } malformed[] = {
      {"its names", le(77, 6) + le(1, 2) + byte(200) + "shop", "table map event is malformed: its names"},
      {"the count", le(77, 6) + le(1, 2) + counted("shop") + '\0' + counted("t") + '\0' + byte(250),
       "table map event of `shop`.`t` is malformed: the sizes of its columns"},
      {"no such DECIMAL", map_of(246, byte(99) + byte(2), 0), "of `shop`.`t` is malformed: the metadata of column 2 (type 246)"},
      {"no such fraction", map_of(18, byte(7), 0), "of `shop`.`t` is malformed: the metadata of column 2 (type 18)"},
      {"too little metadata", map_of(15, byte(7), 0), "of `shop`.`t` is malformed: the metadata of column 2 (type 15)"},
      {"metadata too much", map_of(1, byte(7), 0), "of `shop`.`t` is malformed: the sizes of its columns"},
      {"a name too long", map_of(1, "", 0) + byte(4) + counted(counted("id") + byte(99)), "is malformed: its optional field 4"},
      {"a key beyond the columns", map_of(1, "", 0) + byte(8) + counted(byte(2)), "of `shop`.`t` is malformed: its optional field 8"},
  };
  for (const auto& c : malformed) {
    CAPTURE(c.name);
    LogScript log;
    log.gtid(1).begin().event(EventType::table_map, c.body);
    const std::string error = error_of(log);
    CHECK_MESSAGE(error.starts_with(fmt::format("MYC1300: binlog.000001:{}: table map event", log.events().back().at)), error);
    CHECK_MESSAGE(error.find(c.said) != std::string::npos, error);
  }
}

}  // namespace
}  // namespace cdc::capture
