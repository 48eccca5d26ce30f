#include <doctest/doctest.h>

#include "command.h"

namespace cdc::config {
namespace {

TEST_CASE("a command line splits into words without a shell") {
  struct Case {
    const char* name;
    const char* line;
    std::vector<std::string> words;
  };
  const Case cases[] = {
      {"plain", "  a  b\tc\n", {"a", "b", "c"}},
      {"single quotes keep all", R"(a 'b "\$c' d)", {"a", R"(b "\$c)", "d"}},
      {"double quotes keep blanks", R"("a b"c)", {"a bc"}},
      {"backslash in double quotes, where it means something", R"("a\"b\\c\d")", {R"(a"b\c\d)"}},
      {"backslash outside", R"(a\ b \'c)", {"a b", "'c"}},
      {"empty words", R"('' "")", {"", ""}},
      {"a backslash at the end is itself", "a\\", {"a\\"}},
      {"nothing is expanded", "$HOME `id` $(id) ~ *", {"$HOME", "`id`", "$(id)", "~", "*"}},
      {"open single quote", "a 'b", {}},
      {"open double quote", "a \"b", {}},
      {"nothing", "  ", {}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(split_words(c.line) == c.words);
  }
}

}  // namespace
}  // namespace cdc::config
