#include "cdc/config/table_rules.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "scratch.h"

namespace cdc::config {
namespace {

using Tables = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("which tables the rules take") {
  struct Case {
    const char* name;
    const char* rules;
    const char* default_schema;
    Tables in, out;
  };
  const Case cases[] = {
      {"star is the default schema", "*", "shop", {{"shop", "a"}, {"shop", "b c"}}, {{"crm", "a"}, {"Shop", "a"}}},
      {"star without default schema is all", "*", "", {{"shop", "a"}, {"crm", "b"}}, {{"mysql", "user"}, {"sys", "x"}}},
      {"bare name", "orders", "shop", {{"shop", "orders"}}, {{"crm", "orders"}, {"shop", "Orders"}, {"shop", "orders2"}}},
      {"bare name without default schema", "orders", "", {{"shop", "orders"}, {"crm", "orders"}}, {{"crm", "order"}}},
      {"qualified beats the default schema", "crm.a", "shop", {{"crm", "a"}}, {{"shop", "a"}}},
      {"globs are anchored",
       "s*.o?ders",
       "",
       {{"shop", "orders"}, {"s", "oxders"}},
       {{"xshop", "orders"}, {"shop", "oders"}, {"shop", "ordersx"}}},
      {"question mark is one character", "t?", "", {{"x", "t1"}, {"x", "té"}, {"x", "t表"}}, {{"x", "t"}, {"x", "t12"}}},
      {"star crosses dots in a name", "s.*", "", {{"s", "a.b"}}, {{"s.a", "b"}}},
      {"later exclusion", "shop.*, !shop.tmp_*", "", {{"shop", "a"}}, {{"shop", "tmp_a"}, {"crm", "a"}}},
      {"later inclusion", "shop.*, !shop.tmp_*, shop.tmp_keep", "", {{"shop", "tmp_keep"}}, {{"shop", "tmp_a"}}},
      {"exclusion first has no effect on a later inclusion", "!shop.tmp_*, shop.*", "", {{"shop", "tmp_a"}}, {}},
      {"exclusions alone are all but those", "!tmp_*, ! crm.*", "", {{"shop", "a"}}, {{"shop", "tmp_a"}, {"crm", "a"}, {"mysql", "user"}}},
      {"exclusions alone stay in the default schema", "!tmp_*", "shop", {{"shop", "a"}}, {{"shop", "tmp_a"}, {"crm", "a"}}},
      {"regex is anchored on both names", R"(/shop\.o.*s/)", "crm", {{"shop", "orders"}}, {{"shop", "orders2"}, {"xshop", "orders"}}},
      {"regex alternatives are anchored too", "/a.b|c.d/", "", {{"a", "b"}, {"c", "d"}}, {{"a", "bx"}, {"xc", "d"}}},
      {"regex with comma and slash", R"(/s\.t[0-9]{1,2}/, /s\.a\/b/)", "", {{"s", "t12"}, {"s", "a/b"}}, {{"s", "t123"}}},
      {"excluded regex", "*, !/.*_(old|bak)/", "", {{"s", "a"}}, {{"s", "a_old"}, {"s", "a_bak"}}},
      {"regex flags", "/(?i)SHOP\\.X/", "", {{"shop", "x"}}, {}},
      {"Go include is unanchored, on the table name",
       "+ord",
       "shop",
       {{"shop", "orders"}, {"shop", "reorder"}},
       {{"crm", "orders"}, {"shop", "a"}}},
      {"Go include does not see the schema", "+shop", "", {{"x", "shop"}}, {{"shop", "x"}}},
      {"Go exclude", "*,-.*meta$,+^wp_postmeta$", "wp", {{"wp", "wp_posts"}, {"wp", "wp_postmeta"}}, {{"wp", "wp_usermeta"}}},
      {"Go escaped comma", R"(+^t\d{2\,3}$)", "", {{"s", "t12"}, {"s", "t123"}}, {{"s", "t1"}}},
      {"backticks", "`a.b`.`c,*`", "", {{"a.b", "c,*"}}, {{"a.b", "c,x"}, {"a", "b.c,*"}}},
      {"names that begin like an operator",
       "`-a`, `!b`, `+c`, `/d/`",
       "",
       {{"s", "-a"}, {"s", "!b"}, {"s", "+c"}, {"s", "/d/"}},
       {{"s", "a"}}},
      {"backslash", R"(s.a\,b, s.\*)", "", {{"s", "a,b"}, {"s", "*"}}, {{"s", "x"}}},
      {"hyphen and dollar", "my-db.t$1", "", {{"my-db", "t$1"}}, {{"my-db", "t"}}},
      {"newline in a name", "s.*", "", {{"s", "a\nb"}}, {}},
      {"no rule reaches a system schema",
       "*.*, /.*/, +.*",
       "mysql",
       {{"shop", "a"}},
       {{"mysql", "user"}, {"MySQL", "user"}, {"performance_schema", "x"}}},
      {"system schemas may be excluded", "!mysql.*", "", {{"shop", "a"}}, {{"mysql", "user"}}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const TableRules rules{c.rules, c.default_schema};
    for (const auto& name : c.in) {
      CAPTURE(fmt::format("{}/{}", name.first, name.second));
      CHECK(rules.matches(name.first, name.second));
    }
    for (const auto& name : c.out) {
      CAPTURE(fmt::format("{}/{}", name.first, name.second));
      CHECK_FALSE(rules.matches(name.first, name.second));
    }
  }
}

TEST_CASE("bad rules are named, all of them") {
  struct Case {
    const char* rules;
    const char* says;
  };
  const Case cases[] = {
      {"", "no rule"},
      {" , ", "no rule"},
      {"a.b.c", "more than schema.table"},
      {"/a(/", "regex"},
      {"/a", "slashes"},
      {"//", "slashes"},
      {"/a/b", "slashes"},
      {"!", "empty"},
      {"!!a", "backticks"},
      {"+", "follows + or -"},
      {"-", "follows + or -"},
      {"+(", "regex"},
      {"+(?=a)", "regex"},
      {"a b", "backticks"},
      {"^wp_", "regex is written"},
      {"`a", "not closed"},
      {"a.", "empty"},
      {"mysql.user", "server's own"},
      {"INFORMATION_SCHEMA.*", "server's own"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.rules);
    const auto error = test::caught([&] { TableRules{c.rules, ""}; });
    CHECK(error.code == ErrorCode::setting_invalid);
    CHECK(error.says(c.says));
  }
  const auto error = test::caught([] { TableRules{"a, b c, d, +(", ""}; });
  CHECK(error.says("\"b c\""));
  CHECK(error.says("\"+(\""));
  CHECK_FALSE(error.says("\"a\""));
}

TEST_CASE("rules that match nothing are found, exclusions too") {
  const TableRules rules{"orders, shop.*, !tmp_*, /crm\\..*/, +^x", "shop"};
  CHECK(rules.rules_without_match({{"shop", "orders"}, {"shop", "tmp_1"}}) == std::vector<std::string>{"/crm\\..*/", "+^x"});
  CHECK(rules.rules_without_match({{"crm", "orders"}}) == std::vector<std::string>{"orders", "shop.*", "!tmp_*", "+^x"});
  CHECK(rules.rules_without_match({}).size() == 5);
  CHECK(TableRules{"*", ""}.rules_without_match({{"mysql", "user"}}).size() == 1);
}

TEST_CASE("system schemas") {
  for (const char* name : {"mysql", "MYSQL", "information_schema", "performance_schema", "sys", "ndbinfo", "mysql_innodb_cluster_metadata",
                           "mysql_innodb_cluster_metadata_bkp"}) {
    CAPTURE(name);
    CHECK(is_system_schema(name));
  }
  for (const char* name : {"", "mysql2", "my", "system", "mysql_innodb", "test"}) {
    CAPTURE(name);
    CHECK_FALSE(is_system_schema(name));
  }
}

}  // namespace
}  // namespace cdc::config
