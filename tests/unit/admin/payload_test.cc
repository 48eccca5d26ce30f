#include "payload.h"

#include <doctest/doctest.h>

namespace {

using namespace cdc;
using catalog::RegisteredColumn;

TEST_CASE("payload types hold every value of the source's type and of the ones it may be widened to") {
  struct Case {
    std::string type, charset, payload;
  };
  const Case cases[] = {
      {"tinyint(1)", "", "BIGINT"},
      {"smallint(5) unsigned zerofill", "", "BIGINT UNSIGNED"},
      {"mediumint", "", "BIGINT"},
      {"int(10) unsigned", "", "BIGINT UNSIGNED"},
      {"bigint unsigned", "", "BIGINT UNSIGNED"},
      {"bit(10)", "", "BIGINT UNSIGNED"},
      {"float", "", "DOUBLE"},
      {"double(9,3) unsigned", "", "DOUBLE"},
      {"decimal(65,30)", "", "decimal(65,30)"},
      {"decimal(10,2) unsigned zerofill", "", "decimal(10,2) unsigned"},
      {"char(5)", "latin1", "LONGTEXT CHARACTER SET latin1"},
      {"varchar(255)", "utf8mb4", "LONGTEXT CHARACTER SET utf8mb4"},
      {"tinytext", "ucs2", "LONGTEXT CHARACTER SET ucs2"},
      {"enum('int','a(b')", "utf8mb3", "LONGTEXT CHARACTER SET utf8mb3"},
      {"set('a','b')", "latin1", "LONGTEXT CHARACTER SET latin1"},
      {"binary(16)", "", "LONGBLOB"},
      {"varbinary(9)", "", "LONGBLOB"},
      {"mediumblob", "", "LONGBLOB"},
      {"vector(3)", "", "LONGBLOB"},
      {"date", "", "date"},
      {"datetime", "", "DATETIME(6)"},
      {"timestamp(3)", "", "TIMESTAMP(6)"},
      {"time(2)", "", "TIME(6)"},
      {"year(4)", "", "year(4)"},
      {"json", "", "json"},
      {"uuid", "", "uuid"},
      {"inet6", "", "inet6"},
      {"point", "", "GEOMETRY"},
      {"geomcollection", "", "GEOMETRY"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.type);
    CHECK(admin::payload_type({"c", c.type, c.charset}) == c.payload);
  }
}

TEST_CASE("lists of columns") {
  const std::vector<RegisteredColumn> columns{
      {"i`d", "int", "", 1, true, true}, {"note", "text", "latin1", 0, false, true}, {"secret", "blob", "", 0, false, false}};
  const admin::PayloadText text = admin::payload_text(columns);
  CHECK(text.columns == "b1 BIGINT NULL,\na1 BIGINT NULL,\na2 LONGTEXT CHARACTER SET latin1 NULL");
  CHECK(text.before_columns == "b1");
  CHECK(text.after_columns == "a1, a2");
  CHECK(text.old_values == "OLD.`i``d`");
  CHECK(text.new_values == "NEW.`i``d`, NEW.`note`");
  CHECK(admin::payload_column_count(columns) == 3);
}

}  // namespace
