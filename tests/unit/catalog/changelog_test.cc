#include "cdc/catalog/changelog.h"

#include <doctest/doctest.h>

#include "cdc/base/error.h"

namespace {

using namespace cdc;
using catalog::RegisteredColumn;

TEST_CASE("the registry's text of columns survives any name and type") {
  struct Case {
    std::string name;
    std::vector<RegisteredColumn> columns;
    std::string text;
  };
  const Case cases[] = {
      {"none", {}, ""},
      {"both images of a key column", {{"id", "int unsigned", "", 1, true, true}}, "id\tint unsigned\t\t1\tba\n"},
      {"after alone", {{"note", "text", "utf8mb4", 0, false, true}}, "note\ttext\tutf8mb4\t0\ta\n"},
      {"excluded", {{"secret", "blob", "", 0, false, false}}, "secret\tblob\t\t0\t\n"},
      {"tab, newline and backslash",
       {{"a\tb\n\\", "enum('\\\\','\t')", "latin1", 0, true, true}},
       "a\\tb\\n\\\\\tenum('\\\\\\\\','\\t')\tlatin1\t0\tba\n"},
      {"two", {{"a", "int", "", 2, true, true}, {"b", "int", "", 1, true, true}}, "a\tint\t\t2\tba\nb\tint\t\t1\tba\n"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(catalog::columns_text(c.columns) == c.text);
    CHECK(catalog::parse_columns_text(c.text) == c.columns);
  }
}

TEST_CASE("a damaged text of columns is refused") {
  const std::string whole = "id\tint\t\t1\tba\n";
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(catalog::parse_columns_text(whole.substr(0, size)), Error);
  }
  for (const std::string text : {"\tint\t\t1\tba\n", "id\tint\t\t1\tab\n", "id\tint\t\t1\tbax\n", "id\tint\t\tx\tba\n",
                                 "id\tint\t\t1\tba\tmore\n", "id\\x\tint\t\t1\tba\n", "id\tint\t\t99999999999\tba\n", "\n"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(catalog::parse_columns_text(text), Error);
  }
}

TEST_CASE("where the changelog is") {
  using Tables = std::vector<std::pair<std::string, std::string>>;
  struct Case {
    std::string name, configured, default_schema;
    Tables tables;
    std::string schema;  ///< Empty: refused.
  };
  const Case cases[] = {
      {"configured wins", "cdc", "shop", {{"shop", "t"}}, "cdc"},
      {"the url's schema", "", "shop", {{"other", "t"}}, "shop"},
      {"the one schema of the tables", "", "", {{"shop", "t"}, {"shop", "u"}}, "shop"},
      {"several schemas", "", "", {{"shop", "t"}, {"other", "u"}}, ""},
      {"nothing to go by", "", "", {}, ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    if (c.schema.empty()) {
      CHECK_THROWS_AS(catalog::changelog_names(c.configured, "_cdc_", c.default_schema, c.tables), Error);
    } else {
      CHECK(catalog::changelog_names(c.configured, "_cdc_", c.default_schema, c.tables).schema == c.schema);
    }
  }
}

TEST_CASE("prefixes that the server could fold, quote or cut are refused") {
  for (const std::string prefix : {"", "A", "a b", "a`", "a-", "ä", "a23456789012345678901234567890123"}) {
    CAPTURE(prefix);
    CHECK_THROWS_AS(catalog::changelog_names("s", prefix, "", {}), Error);
  }
  CHECK(catalog::changelog_names("s", "a2345678901234567890123456789012", "", {}).trigger_name(4294967295U, 'u').size() <= 64);
}

TEST_CASE("the changelog's own tables") {
  const catalog::ChangelogNames names{"shop", "_cdc_"};
  for (const std::string table : {"_cdc_meta", "_cdc_table", "_cdc_inbox", "_cdc_log", "_cdc_consumer", "_cdc_r1", "_cdc_r4294967295"}) {
    CAPTURE(table);
    CHECK(names.owns("shop", table));
    CHECK_FALSE(names.owns("other", table));
  }
  for (const std::string table : {"_cdc_", "_cdc_r", "_cdc_rx", "_cdc_r1x", "orders", "_cdc_metas"}) {
    CAPTURE(table);
    CHECK_FALSE(names.owns("shop", table));
  }
}

TEST_CASE("names of the changelog are quoted") {
  const catalog::ChangelogNames names{"sh`op", "_cdc_"};
  CHECK(names.quoted("log") == "`sh``op`.`_cdc_log`");
  CHECK(names.payload(7) == "`sh``op`.`_cdc_r7`");
  CHECK(names.payload_name(7) == "_cdc_r7");
  CHECK(names.trigger_name(7, 'u') == "_cdc_7_u");
}

}  // namespace
