#include "expand_env.h"

#include <doctest/doctest.h>

#include "scratch.h"

namespace cdc::config {
namespace {

TEST_CASE("environment variables expand as in Go's os.ExpandEnv") {
  const test::TempVariable one{"CDC_TEST_A", "x y"}, two{"CDC_TEST_EMPTY", ""};
  struct Case {
    const char* text;
    const char* expanded;
    bool unset;
  };
  const Case cases[] = {
      {"", "", false},
      {"plain", "plain", false},
      {"$CDC_TEST_A", "x y", false},
      {"a${CDC_TEST_A}b", "ax yb", false},
      {"$CDC_TEST_A.b", "x y.b", false},
      {"[$CDC_TEST_EMPTY]", "[]", false},
      {"[$CDC_TEST_NONE]", "[]", true},
      {"[${CDC_TEST_NONE}]", "[]", true},
      {"a$", "a$", false},
      {"$ a", "$ a", false},
      {"$/a", "$/a", false},
      {"$$a", "a", true},  // `$$` is the variable of that name; there is no escape.
      {"$1x", "x", true},
      {"${1}x", "x", true},
      {"${}x", "x", false},
      {"${CDC_TEST_A", "CDC_TEST_A", false},
      {"${", "", false},
      {"${CDC TEST}", "", true},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto out = expand_env(c.text);
    CHECK(out.text == c.expanded);
    CHECK(out.unset == c.unset);
  }
}

}  // namespace
}  // namespace cdc::config
