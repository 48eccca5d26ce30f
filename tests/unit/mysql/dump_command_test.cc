#include "dump_command.h"

#include <doctest/doctest.h>

namespace cdc::mysql {
namespace {

std::string hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

DumpOptions options() {
  DumpOptions out;
  out.server_id = 0x01020304;
  out.file = "b.1";
  out.at = 0x1f4;
  return out;
}

}  // namespace

TEST_CASE("a replica registers with its id and our name, nothing else") {
  const Command command = register_command(options());
  CHECK(command.number == 0x15);
  CHECK(hex(command.body) ==
        "04030201"
        "09"
        "6d7973716c2d636463"
        "00"
        "00"
        "0000"
        "00000000"
        "00000000");
}

TEST_CASE("dump commands of both products") {
  struct Case {
    const char* name;
    const char* version;
    bool non_blocking, gtid;
    int number;
    const char* body;
  };
  const Case cases[] = {
      {"MySQL by position", "8.0.25", false, false, 0x12,
       "f4010000"
       "0000"
       "04030201"
       "622e31"},
      {"MySQL with heartbeats v2", "8.0.26", false, false, 0x12,
       "f4010000"
       "0200"
       "04030201"
       "622e31"},
      {"MySQL that ends", "9.7.4", true, false, 0x12,
       "f4010000"
       "0300"
       "04030201"
       "622e31"},
      {"MariaDB with annotations", "10.11.19-MariaDB", false, false, 0x12,
       "f4010000"
       "0200"
       "04030201"
       "622e31"},
      {"MariaDB by GTID: from the session", "10.11.19-MariaDB", true, true, 0x12,
       "f4010000"
       "0300"
       "04030201"
       "622e31"},
      {"MySQL by GTID", "26.7.0", false, true, 0x1e,
       "0200"
       "04030201"
       "00000000"
       "0400000000000000"
       "08000000"
       "0000000000000000"},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string{c.name});
    DumpOptions o = options();
    o.non_blocking = c.non_blocking;
    o.gtid_start = c.gtid;
    o.mysql_gtid_wire = std::string(8, '\0');
    const Command command = dump_command(o, parse_server_version(c.version, false));
    CHECK(command.number == c.number);
    CHECK(hex(command.body) == c.body);
  }
}

TEST_CASE("an empty GTID set is eight zero bytes on the wire") {
  DumpOptions o = options();
  o.gtid_start = true;
  CHECK(hex(dump_command(o, parse_server_version("8.4.0", false)).body).ends_with("080000000000000000000000"));
}

TEST_CASE("annotations can be left out on MariaDB, and never ask MySQL for anything") {
  DumpOptions o = options();
  o.announce_rows_query = false;
  CHECK(hex(dump_command(o, parse_server_version("11.8.6-MariaDB", false)).body).substr(8, 4) == "0000");
  CHECK(hex(dump_command(o, parse_server_version("8.0.26", false)).body).substr(8, 4) == "0200");
}

}  // namespace cdc::mysql
