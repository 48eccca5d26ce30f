#include "column_text.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace cdc::catalog {

TEST_CASE("labels come out of COLUMN_TYPE as the column holds them") {
  struct Case {
    const char* name;
    std::string text;
    std::vector<std::string> labels;
  };
  const Case cases[] = {
      {"one label", "enum('a')", {"a"}},
      {"several", "set('x','y','z')", {"x", "y", "z"}},
      {"empty label", "enum('','a')", {"", "a"}},
      {"doubled quote", "enum('a''b','''')", {"a'b", "'"}},
      {"comma and parentheses inside", "enum('a,b',')','(')", {"a,b", ")", "("}},
      {"escaped backslash before the closing quote", "enum('a\\\\','b')", {"a\\", "b"}},
      {"escaped line breaks and NUL", "enum('a\\nb','\\r','x\\0y')", {"a\nb", "\r", std::string("x\0y", 3)}},
      {"tab stands for itself", "enum('a\tb')", {"a\tb"}},
      {"double quotes and backticks are plain", "enum('c\"d','e`f')", {"c\"d", "e`f"}},
      {"UTF-8", "set('é','ü')", {"é", "ü"}},
      {"text behind the list", "enum('a','b') /* mariadb-5.3 */", {"a", "b"}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto labels = parse_labels(c.text);
    REQUIRE(labels);
    CHECK(*labels == c.labels);
  }
}

TEST_CASE("text that is no list of labels is refused, at every truncation") {
  for (const char* text : {"", "enum", "enum(", "enum()", "enum('a',)", "enum('a' 'b')", "enum(\"a\")", "enum(a)"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_labels(text));
  }
  const std::string whole = "enum('a','b''c','d\\\\')";
  CHECK(parse_labels(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(parse_labels(std::string_view{whole}.substr(0, size)));
  }
}

TEST_CASE("DATA_TYPE names map to our types; unknown ones to none") {
  struct Case {
    const char* name;
    ColumnType type;
  };
  const Case cases[] = {
      {"int", ColumnType::integer},
      {"mediumtext", ColumnType::text},
      {"tinyblob", ColumnType::blob},
      {"point", ColumnType::geometry},
      {"geomcollection", ColumnType::geometry},
      {"geometrycollection", ColumnType::geometry},
      {"json", ColumnType::json},
      {"uuid", ColumnType::uuid},
      {"inet4", ColumnType::inet4},
      {"inet6", ColumnType::inet6},
      {"vector", ColumnType::vector},
      {"decimal", ColumnType::decimal},
      {"varbinary", ColumnType::varbinary},
      {"char", ColumnType::char_},
      {"double", ColumnType::double_},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(column_type_named(c.name) == c.type);
  }
  for (const char* name : {"", "integer", "INT", "hologram"}) CHECK_FALSE(column_type_named(name));
}

TEST_CASE("the sign is in COLUMN_TYPE; zerofill means unsigned") {
  CHECK(is_declared_unsigned("int(10) unsigned"));
  CHECK(is_declared_unsigned("decimal(10,2) unsigned zerofill"));
  CHECK(is_declared_unsigned("int(5) zerofill"));
  CHECK_FALSE(is_declared_unsigned("int(11)"));
  CHECK_FALSE(is_declared_unsigned("bigint"));
}

TEST_CASE("only charsets with supplementary planes make a question mark doubtful") {
  for (const char* name : {"utf8mb4_general_ci", "utf8mb4_0900_ai_ci", "utf16_bin", "utf16le_bin", "utf32_general_ci", "gb18030_bin"}) {
    CAPTURE(name);
    CHECK(has_supplementary_characters(name));
  }
  for (const char* name : {"latin1_swedish_ci", "utf8mb3_general_ci", "utf8_bin", "ucs2_bin", "binary", ""}) {
    CAPTURE(name);
    CHECK_FALSE(has_supplementary_characters(name));
  }
}

}  // namespace cdc::catalog
