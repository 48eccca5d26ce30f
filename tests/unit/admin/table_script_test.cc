#include "table_script.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "messages.h"
#include "script.h"

namespace {

using namespace cdc;

const catalog::ChangelogNames names{"shop", "_cdc_"};

admin::TableFacts facts() {
  return {"shop", "t", "InnoDB", true, {{"id", "int", "", 1}, {"v", "varchar(9)", "latin1", 0}}, {"id"}, {"id"}, true};
}

std::vector<std::string> statements(bool mariadb, const std::string& definer) {
  const admin::TableFacts table = facts();
  const admin::TableScripts scripts{names, std::chrono::seconds{3}, mariadb};
  const admin::Definition made{7, admin::with_images(table, config::TriggerImages::full, {false, false}), 5, definer, "shop.t"};
  return admin::split_statements(scripts.replace(table, made, {"_cdc_5_i", "_cdc_5_u"}));
}

bool has(const std::vector<std::string>& texts, std::string_view part) {
  return std::ranges::any_of(texts, [&](const std::string& text) { return text.find(part) != text.npos; });
}

TEST_CASE("an upgrade's statements stand in the order that loses nothing") {
  const auto got = statements(false, "");
  const std::string begins[] = {"SET NAMES utf8mb4",
                                "SET SESSION sql_mode = ''",
                                "INSERT INTO `shop`.`_cdc_table`",
                                "CREATE TABLE `shop`.`_cdc_r7` (",
                                "LOCK TABLES `shop`.`t` WRITE",
                                "DROP TRIGGER IF EXISTS `shop`.`_cdc_5_i`",
                                "DROP TRIGGER IF EXISTS `shop`.`_cdc_5_u`",
                                "CREATE TRIGGER `shop`.`_cdc_7_i` AFTER INSERT",
                                "CREATE TRIGGER `shop`.`_cdc_7_u` AFTER UPDATE",
                                "CREATE TRIGGER `shop`.`_cdc_7_d` AFTER DELETE",
                                "UNLOCK TABLES",
                                "UPDATE `shop`.`_cdc_table` SET"};
  REQUIRE(got.size() == std::size(begins));
  for (std::size_t i = 0; i < got.size(); ++i) {
    CAPTURE(i);
    CHECK(got[i].starts_with(begins[i]));
  }
  CHECK(has(got, "(7, 'shop', 't', 'id\tint\t\t1\tba\\nv\tvarchar(9)\tlatin1\t0\tba\\n', '', 'changing', UTC_TIMESTAMP(), 5)"));
}

TEST_CASE("the guard is MariaDB's alone") {
  CHECK(has(statements(true, ""),
            "IF (OLD.`id` <=> NEW.`id`)\n    OR NOT EXISTS (SELECT 1 FROM `shop`.`t` x WHERE x.`id` <=> OLD.`id`) THEN"));
  CHECK_FALSE(has(statements(false, ""), "NOT EXISTS"));
  admin::TableFacts keyless = facts();
  keyless.identity.clear();
  CHECK(admin::update_guard(keyless).empty());
}

TEST_CASE("a definer is named and granted what it needs") {
  const auto got = statements(false, "cdc@local`host");
  CHECK(has(got, "CREATE DEFINER = `cdc`@`local``host` TRIGGER"));
  CHECK(has(got, "GRANT SELECT, TRIGGER ON `shop`.`t` TO `cdc`@`local``host`"));
  CHECK(has(got, "GRANT INSERT ON `shop`.`_cdc_inbox` TO `cdc`@`local``host`"));
  CHECK(has(got, "GRANT INSERT ON `shop`.`_cdc_r7` TO `cdc`@`local``host`"));
  CHECK_FALSE(has(statements(false, ""), "GRANT"));
}

TEST_CASE("which images are kept") {
  struct Case {
    std::string name;
    config::TriggerImages images;
    std::vector<bool> excluded;
    std::uint32_t key_ordinal;
    std::string kept;
  };
  const Case cases[] = {
      {"both", config::TriggerImages::full, {false, false}, 1, "ba ba"},
      {"after: the key of the old row", config::TriggerImages::after, {false, false}, 1, "ba a"},
      {"after without a key: the whole row is the key", config::TriggerImages::after, {false, false}, 0, "ba ba"},
      {"excluded", config::TriggerImages::full, {false, true}, 1, "ba "},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    admin::TableFacts table = facts();
    table.columns[0].key_ordinal = c.key_ordinal;
    std::string kept;
    for (const auto& column : admin::with_images(table, c.images, c.excluded))
      kept += std::string{kept.empty() ? "" : " "} + (column.before ? "b" : "") + (column.after ? "a" : "");
    CHECK(kept == c.kept);
  }
}

TEST_CASE("what keeps a table from being captured") {
  struct Case {
    std::string name, part;
    void (*change)(admin::TableFacts&);
  };
  const Case cases[] = {
      {"engine", "engine MyISAM", [](admin::TableFacts& table) { table.engine = "MyISAM"; }},
      {"a view", "no base table", [](admin::TableFacts& table) { table.base_table = false; }},
      {"hidden columns", "not all columns", [](admin::TableFacts& table) { table.visible = false; }},
      {"a name", "control characters", [](admin::TableFacts& table) { table.columns[1].name = "a\nb"; }},
      {"too many columns", "1018 payload columns", [](admin::TableFacts& table) { table.columns.resize(509, table.columns[1]); }},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    admin::TableFacts table = facts();
    c.change(table);
    std::vector<admin::Notice> refusals, warnings;
    const std::vector<bool> excluded(table.columns.size(), false);
    admin::judge_table(table, admin::with_images(table, config::TriggerImages::full, excluded), false, refusals, warnings);
    REQUIRE(refusals.size() == 1);
    CHECK(refusals[0].text.find(c.part) != std::string::npos);
    CHECK_FALSE(refusals[0].cure.empty());
  }
}

TEST_CASE("who may create triggers beside a binlog") {
  CHECK(admin::grants_everywhere({"GRANT SELECT, SUPER ON *.* TO `a`@`%`"}, "SUPER"));
  CHECK(admin::grants_everywhere({"GRANT USAGE ON *.* TO `a`@`%`", "GRANT ALL PRIVILEGES ON *.* TO `a`@`%` WITH GRANT OPTION"}, "SUPER"));
  CHECK_FALSE(admin::grants_everywhere({"GRANT USAGE ON *.* TO `SUPER`@`%`", "GRANT ALL PRIVILEGES ON `shop`.* TO `a`@`%`"}, "SUPER"));
}

TEST_CASE("servers that number anew after a restart are refused") {
  for (const char* text : {"8.0.11", "9.7.4", "26.7.0"}) CHECK_NOTHROW(admin::require_version(mysql::parse_server_version(text, false)));
  for (const char* text : {"10.2.4-MariaDB", "11.8.6-MariaDB"})
    CHECK_NOTHROW(admin::require_version(mysql::parse_server_version(text, true)));
  CHECK_THROWS(admin::require_version(mysql::parse_server_version("5.7.44", false)));
  CHECK_THROWS(admin::require_version(mysql::parse_server_version("10.2.3-MariaDB", true)));
}

}  // namespace
