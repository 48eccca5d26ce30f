#include "foreign_keys.h"

#include <doctest/doctest.h>

#include <string>

namespace cdc::catalog {
namespace {

/// As both servers print a table with one constraint.
std::string table_with(std::string_view constraint) {
  return "CREATE TABLE `c` (\n  `a` int(11) DEFAULT NULL,\n  KEY `a` (`a`),\n  " + std::string{constraint} +
         "\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='CONSTRAINT `x` FOREIGN KEY'";
}

}  // namespace

TEST_CASE("a cascading foreign key is read whole out of SHOW CREATE TABLE") {
  const auto found = parse_cascades(
      table_with("CONSTRAINT `fk` FOREIGN KEY (`a`) REFERENCES `parent` (`id`) ON DELETE CASCADE ON UPDATE SET NULL"), "shop", "c");
  REQUIRE(found.size() == 1);
  CHECK(found[0].child_schema == "shop");
  CHECK(found[0].child_table == "c");
  CHECK(found[0].constraint == "fk");
  CHECK(found[0].parent_schema == "shop");
  CHECK(found[0].parent_table == "parent");
  CHECK(found[0].on_delete == "CASCADE");
  CHECK(found[0].on_update == "SET NULL");
}

TEST_CASE("which foreign keys change rows of the child") {
  struct Case {
    const char* name;
    const char* constraint;
    bool cascades;
  };
  const Case cases[] = {
      {"no action said", "CONSTRAINT `k` FOREIGN KEY (`a`) REFERENCES `p` (`id`)", false},
      {"restrict", "CONSTRAINT `k` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE RESTRICT ON UPDATE NO ACTION", false},
      {"update only", "CONSTRAINT `k` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON UPDATE CASCADE", true},
      {"delete sets null", "CONSTRAINT `k` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE SET NULL", true},
      {"set default", "CONSTRAINT `k` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE SET DEFAULT", true},
      {"trailing comma", "CONSTRAINT `k` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE CASCADE,", true},
      {"several columns", "CONSTRAINT `k` FOREIGN KEY (`a`, `b`) REFERENCES `p` (`x`, `y`) ON DELETE CASCADE", true},
      {"parentheses in a name", "CONSTRAINT `k` FOREIGN KEY (`a)`) REFERENCES `p(` (`x`) ON DELETE CASCADE", true},
      {"a backtick that is not doubled, as before MariaDB 10.11.19",
       "CONSTRAINT `f`k` FOREIGN KEY (`a`) REFERENCES `p` (`x`) ON DELETE CASCADE", true},
      {"a backtick in every name", "CONSTRAINT `f`k` FOREIGN KEY (`a`) REFERENCES `p`q` (`x`y`) ON UPDATE SET NULL,", true},
      {"no name", "CONSTRAINT ` FOREIGN KEY (`a`) REFERENCES `p` (`x`) ON DELETE CASCADE", false},
      {"check constraint", "CONSTRAINT `k` CHECK (`a` <> 'ON DELETE CASCADE')", false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(parse_cascades(table_with(c.constraint), "s", "c").size() == (c.cascades ? 1 : 0));
  }
}

TEST_CASE("a parent in another schema, and names with backticks and dots") {
  const auto found =
      parse_cascades(table_with("CONSTRAINT `k``1` FOREIGN KEY (`a`) REFERENCES `o.ther`.`p``x` (`id`) ON DELETE CASCADE"), "s", "c");
  REQUIRE(found.size() == 1);
  CHECK(found[0].constraint == "k`1");
  CHECK(found[0].parent_schema == "o.ther");
  CHECK(found[0].parent_table == "p`x");
}

TEST_CASE("every truncation is read without harm, and yields nothing before the action is whole") {
  const std::string whole = table_with("CONSTRAINT `k` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE CASCADE");
  const std::size_t action_end = whole.find("CASCADE") + 7;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    CAPTURE(size);
    CHECK(parse_cascades(whole.substr(0, size), "s", "c").size() == (size >= action_end ? 1 : 0));
  }
}

}  // namespace cdc::catalog
