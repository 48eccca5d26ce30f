#include "name_glob.h"

#include <doctest/doctest.h>

namespace cdc::config {
namespace {

TEST_CASE("rule lists split at commas that separate") {
  struct Case {
    const char* name;
    const char* text;
    std::vector<std::string> items;
  };
  const Case cases[] = {
      {"trimmed, empty ones dropped", " a , ,b,\n", {"a", "b"}},
      {"comma in a regex", "/a{1,2}/, b", {"/a{1,2}/", "b"}},
      {"comma in an excluded regex", "! /a,b/,c", {"! /a,b/", "c"}},
      {"slash in a regex", R"(/a\/,b/,c)", {R"(/a\/,b/)", "c"}},
      {"comma between backticks", "`a,b`.c,d", {"`a,b`.c", "d"}},
      {"doubled backtick", "`a``,b`,c", {"`a``,b`", "c"}},
      {"backslash between backticks is itself", R"(`a\`,b)", {R"(`a\`)", "b"}},
      {"escaped comma", R"(a\,b,c)", {R"(a\,b)", "c"}},
      {"the Go connector's rules have no quotes", "+`a,-/b,c/", {"+`a", "-/b", "c/"}},
      {"open regex takes the rest", "/a,b", {"/a,b"}},
      {"backslash at the end", "a,b\\", {"a", "b\\"}},
      {"nothing", "", {}},
      {"commas alone", ",,", {}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(split_rules(c.text) == c.items);
  }
}

TEST_CASE("names split at dots outside of backticks") {
  struct Case {
    const char* name;
    const char* text;
    std::vector<std::string> names;
  };
  const Case cases[] = {
      {"bare", "orders", {"orders"}},
      {"three parts", "a.b-c.d$_1", {"a", "b-c", "d$_1"}},
      {"dot and wildcards between backticks", "`a.b`.`c*?`", {"a.b", "c*?"}},
      {"doubled backtick", "`a``b`", {"a`b"}},
      {"backslash", R"(a\.b\*\\)", {R"(a.b*\)"}},
      {"UTF-8", "日本.表", {"日本", "表"}},
      {"quoted in part", "a` b`c", {"a bc"}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    std::string problem;
    const auto parts = parse_name_parts(c.text, problem);
    CHECK(problem.empty());
    REQUIRE(parts.size() == c.names.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      CHECK(parts[i].is_literal);
      CHECK(parts[i].name == c.names[i]);
      const auto regex = compile_regex(parts[i].regex, {}, problem);
      REQUIRE(regex);
      CHECK(matches_whole(*regex, c.names[i]));
      CHECK_FALSE(matches_whole(*regex, c.names[i] + "x"));
    }
  }
}

TEST_CASE("names of bad form say why") {
  for (const char* text : {"", ".", "a.", ".a", "a..b", "``", "`a", "a b", "a^", "(a)", "[ab]", "a|b", "a/b", "+a", "a@b", "a%"}) {
    CAPTURE(text);
    std::string problem;
    parse_name_parts(text, problem);
    CHECK_FALSE(problem.empty());
  }
}

TEST_CASE("every byte between backticks means itself") {
  for (int byte = 1; byte < 128; ++byte) {
    CAPTURE(byte);
    if (byte == '`') continue;
    const std::string name(1, static_cast<char>(byte));
    std::string problem;
    const auto parts = parse_name_parts("`" + name + "`", problem);
    const auto regex = compile_regex(parts.at(0).regex, {}, problem);
    CHECK(problem.empty());
    REQUIRE(regex);
    CHECK(matches_whole(*regex, name));
    CHECK_FALSE(matches_whole(*regex, name == "#" ? "x" : "#"));
  }
}

}  // namespace
}  // namespace cdc::config
