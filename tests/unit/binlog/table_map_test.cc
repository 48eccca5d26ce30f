#include <doctest/doctest.h>

#include <string>

#include "exact_bytes.h"
#include "row_support.h"

namespace cdc::binlog {
namespace {

/// One column of most classes, with every optional field that is read.
MapBytes rich_map() {
  MapBytes map;
  map.column(3).column(8).column(246, unhex("0f02")).column(15, unhex("c800")).column(254, unhex("f701")).column(254, unhex("f801"));
  map.column(254, unhex("cefc")).column(252, unhex("02")).column(13).column(16, unhex("0101")).column(18, unhex("06"));
  map.field(1, unhex("90"));                                  // of int, bigint, decimal, year: 1001
  map.field(3, unhex("fcff00") + unhex("2d") + unhex("3f"));  // varchar 255, char 45, blob 63
  map.field(4, std::string_view{"\2id\1n\1d\1v\1e\1s\1c\1b\1y\1t\2at", 24});
  map.field(6, std::string_view{"\2\3new\4paid", 10});
  map.field(5, std::string_view{"\2\1a\1b", 5});
  map.field(9, unhex("0000") + unhex("030a"));
  map.field(11, unhex("2121"));
  map.field(99, "not known yet");
  return map;
}

TEST_CASE("a table map with full metadata") {
  const ExactBytes body{rich_map().body()};
  TableMap map;
  REQUIRE(TableMap::parse(Reader{body}, {}, map));
  CHECK(map.table_id == 77);
  CHECK(map.schema == "shop");
  CHECK(map.table == "t");
  CHECK(map.has_names);
  REQUIRE(map.columns.size() == 11);
  CHECK(map.columns[0].sign == Signedness::unsigned_);
  CHECK(map.columns[1].sign == Signedness::signed_);
  CHECK(map.columns[8].sign == Signedness::unsigned_);
  CHECK(map.columns[10].name == "at");
  CHECK(map.columns[2].precision == 15);
  CHECK(map.columns[2].fraction_digits == 2);
  CHECK(map.columns[3].collation == 255);
  CHECK(map.columns[3].max_bytes == 200);
  CHECK(map.columns[4].labels == std::vector<std::string>{"new", "paid"});
  CHECK(map.columns[5].labels == std::vector<std::string>{"a", "b"});
  CHECK(map.columns[5].collation == 33);
  CHECK(map.columns[6].max_bytes == 1020);
  CHECK(map.columns[6].width == 2);
  CHECK(map.columns[6].collation == 45);
  CHECK(map.columns[7].collation == 63);
  CHECK(map.columns[9].precision == 9);
  REQUIRE(map.primary_key.size() == 2);
  CHECK(map.primary_key[1].column_index == 3);
  CHECK(map.primary_key[1].prefix_characters == 10);
}

TEST_CASE("every truncation of a table map is refused, or ends between two optional fields") {
  const std::string whole = rich_map().body();
  const std::size_t mandatory = MapBytes{rich_map().types, rich_map().meta, {}}.body().size();
  std::size_t accepted = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const ExactBytes cut{std::string_view{whole}.substr(0, size)};
    TableMap map;
    const bool parsed = TableMap::parse(Reader{cut}, {}, map);
    if (parsed) ++accepted;
    CHECK((!parsed || size >= mandatory));
  }
  CHECK(accepted == 8);  // behind the null bitmap and behind each field but the last
}

TEST_CASE("impossible table maps") {
  struct Case {
    std::string name;
    MapBytes map;
  };
  const Case cases[] = {
      {"blob with a length of 5 bytes", MapBytes{}.column(252, unhex("05"))},
      {"blob with a length of 0 bytes", MapBytes{}.column(252, unhex("00"))},
      {"metadata left over", MapBytes{}.column(3, unhex("00"))},
      {"metadata missing", MapBytes{}.column(15, unhex("01"))},
      {"decimal with scale above precision", MapBytes{}.column(246, unhex("0203"))},
      {"decimal of 66 digits", MapBytes{}.column(246, unhex("4202"))},
      {"enum of 3 bytes", MapBytes{}.column(254, unhex("f703"))},
      {"set of 9 bytes", MapBytes{}.column(254, unhex("f809"))},
      {"bit of 65", MapBytes{}.column(16, unhex("0108"))},
      {"time with 7 digits", MapBytes{}.column(19, unhex("07"))},
      {"double of 4 bytes", MapBytes{}.column(5, unhex("04"))},
      {"key column outside", MapBytes{}.column(3).field(8, unhex("01"))},
      {"names of fewer columns", MapBytes{}.column(3).column(3).field(4, std::string_view{"\1a", 2})},
      {"names of more columns", MapBytes{}.column(3).field(4, std::string_view{"\1a\1b", 4})},
      {"more labels than bytes", MapBytes{}.column(254, unhex("f701")).field(6, unhex("fe00000000000000ff"))},
      {"charset of a column outside", MapBytes{}.column(15, unhex("0a00")).field(2, unhex("2d0521"))},
      {"sign bits missing", MapBytes{}.column(3).field(1, {}).field(4, std::string_view{"\0", 1}).field(8, unhex("05"))},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const ExactBytes body{c.map.body()};
    TableMap map;
    CHECK_FALSE(TableMap::parse(Reader{body}, {}, map));
  }
}

TEST_CASE("servers before optional metadata may leave anything behind the null bitmap") {
  const ExactBytes body{MapBytes{}.column(3).body() + "garbage"};
  TableMap map;
  CHECK(TableMap::parse(Reader{body}, {6, false, false}, map));
  CHECK_FALSE(TableMap::parse(Reader{body}, {6, false, true}, map));
}

TEST_CASE("a column count that the body cannot hold costs no memory") {
  std::string body;
  put(body, 77, 6);
  put(body, 1, 2);
  body += std::string_view{"\1s\0\1t\0", 6};
  body += unhex("fe0000000000010000");
  const ExactBytes exact{body};
  TableMap map;
  CHECK_FALSE(TableMap::parse(Reader{exact}, {}, map));
  CHECK(map.columns.empty());
}

}  // namespace
}  // namespace cdc::binlog
