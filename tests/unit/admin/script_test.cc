#include "script.h"

#include <doctest/doctest.h>

#include "cdc/base/error.h"
#include "scripts.h"

namespace {

using namespace cdc;
using Texts = std::vector<std::string>;

const catalog::ChangelogNames names{"sh`op", "x_"};

TEST_CASE("words and names are filled in") {
  struct Case {
    std::string name, text;
    std::vector<admin::Word> words;
    std::string filled;
  };
  const Case cases[] = {
      {"nothing to fill", "SELECT 1;\n", {}, "SELECT 1;\n"},
      {"a word", "a {{w}} b\n", {{"w", "1"}}, "a 1 b\n"},
      {"two in a line", "{{w}}{{v}}\n", {{"w", "1"}, {"v", "2"}}, "12\n"},
      {"lines are indented", "  {{w}}\n", {{"w", "1,\n2"}}, "  1,\n  2\n"},
      {"an empty line of a word goes", "a\n  {{w}}\nb\n", {{"w", ""}}, "a\nb\n"},
      {"an empty word within a line", "a {{w}}b\n", {{"w", ""}}, "a b\n"},
      {"a changelog's name", "INSERT INTO `_cdc_log` x\n", {}, "INSERT INTO `sh``op`.`x_log` x\n"},
      {"what a word holds is not looked at", "{{w}}\n", {{"w", "`_cdc_log` {{v}}"}}, "`_cdc_log` {{v}}\n"},
      {"an included script keeps one line end", "{{w}}\nb\n", {{"w", "a;\n"}}, "a;\nb\n"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(admin::fill(c.text, c.words, names) == c.filled);
  }
  CHECK_THROWS_AS(admin::fill("{{unknown}}", {}, names), Error);
}

TEST_CASE("scripts are taken apart as the stock client does it") {
  struct Case {
    std::string name, script;
    Texts statements;
  };
  const Case cases[] = {
      {"none", "", {}},
      {"comments alone", "-- a; b\n# c;\n\n", {}},
      {"two", "SELECT 1;\nSELECT 2;\n", {"SELECT 1", "SELECT 2"}},
      {"without an end", "SELECT 1", {"SELECT 1"}},
      {"over lines", "SELECT\n  1;\n", {"SELECT\n  1"}},
      {"the delimiter in quotes", "SELECT ';', \";\", `;`;\n", {"SELECT ';', \";\", `;`"}},
      {"a quote within quotes", "SELECT 'it''s; ', 'a\\';';\n", {"SELECT 'it''s; ', 'a\\';'"}},
      {"a backslash in a name", "SELECT `a\\`;\nSELECT 2;", {"SELECT `a\\`", "SELECT 2"}},
      {"a comment behind", "SELECT 1; -- that; was it\nSELECT 2;", {"SELECT 1", "SELECT 2"}},
      {"dashes in quotes", "SELECT '-- no';", {"SELECT '-- no'"}},
      {"another delimiter", "DELIMITER $$\nBEGIN a; b; END$$\nDELIMITER ;\nSELECT 1;\n", {"BEGIN a; b; END", "SELECT 1"}},
      {"a quote that does not end", "SELECT 'a;", {"SELECT 'a;"}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(admin::split_statements(c.script) == c.statements);
  }
}

TEST_CASE("the core script is eight statements, all of them repeatable") {
  const auto statements = admin::split_statements(admin::fill(admin::scripts::core, {}, names));
  REQUIRE(statements.size() == 8);
  for (const std::string& statement : statements) {
    CAPTURE(statement);
    const bool repeatable = statement.starts_with("SET ") || statement.starts_with("CREATE TABLE IF NOT EXISTS `sh``op`.`x_") ||
                            statement.starts_with("INSERT IGNORE");
    CHECK(repeatable);
  }
}

TEST_CASE("a delimiter that occurs nowhere") {
  CHECK(admin::choose_delimiter(Texts{"a", "b"}) == "$$");
  CHECK(admin::choose_delimiter(Texts{"a$$"}) == "//");
  CHECK(admin::choose_delimiter(Texts{"$$//", "||"}) == "%%");
  CHECK(admin::choose_delimiter(Texts{"$$$ // || %%"}) == "$$$$");
}

TEST_CASE("texts are quoted, names with control characters are not carried") {
  CHECK(admin::quote_text("it's\\\n\r") == "'it''s\\\\\\n\\r'");
  CHECK(admin::carries_name("od`d na;me ü $$"));
  for (const std::string name : {"a\nb", "a\tb", "\x7f", "\r"}) {
    CAPTURE(name);
    CHECK_FALSE(admin::carries_name(name));
  }
}

}  // namespace
