#include "avro_names.h"

#include <doctest/doctest.h>

namespace cdc::opencdc {
namespace {

TEST_CASE("a name becomes an Avro name") {
  struct Case {
    std::string name, original, expected;
  };
  const Case cases[] = {
      {"allowed as it is", "Order_7", "Order_7"},
      {"a blank and a dash", "in stock-now", "in_stock_now"},
      {"a first digit", "1a", "_1a"},
      {"a character is one underscore, however many bytes", "имя", "___"},
      {"characters of four bytes", "a😀b", "a_b"},
      {"no name", "", "_"},
      {"not known", "@2", "_2"},
      {"bytes that are no character", "a\x80\xff", "a__"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(avro_name(c.original) == c.expected);
  }
}

TEST_CASE("a record has no type's name") {
  CHECK(avro_record_name("string") == "string_");
  CHECK(avro_record_name("strings") == "strings");
  CHECK(avro_record_name("my table") == "my_table");
}

TEST_CASE("columns never share a name") {
  struct Case {
    std::string name;
    std::vector<std::string_view> originals;
    std::vector<std::string> expected;
  };
  const Case cases[] = {
      {"nothing to do", {"a", "b"}, {"a", "b"}},
      {"a fine name is kept, wherever it stands", {"a-b", "a_b"}, {"a_b_2", "a_b"}},
      {"several of a kind, in column order", {"a b", "a-b", "a+b"}, {"a_b", "a_b_2", "a_b_3"}},
      {"the number is taken too", {"a-b", "a_b", "a_b_2"}, {"a_b_3", "a_b", "a_b_2"}},
      {"capitals are other letters", {"a-B", "a-b"}, {"a_B", "a_b"}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(avro_field_names(c.originals) == c.expected);
  }
}

}  // namespace
}  // namespace cdc::opencdc
