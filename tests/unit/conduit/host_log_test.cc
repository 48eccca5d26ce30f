#include "host_log.h"

#include <doctest/doctest.h>

#include "cdc/base/utf8.h"

namespace cdc::conduit {
namespace {

TEST_CASE("a log line is one JSON object whose level and message are strings") {
  struct Case {
    std::string name;
    LogLevel level;
    std::string text, line;
  };
  const Case cases[] = {
      {"plain", LogLevel::info, "connected", R"({"@level":"info","@message":"connected"})"},
      {"empty", LogLevel::debug, "", R"({"@level":"debug","@message":""})"},
      {"quotes", LogLevel::warning, R"(say "a\b")", R"({"@level":"warn","@message":"say \"a\\b\""})"},
      {"line breaks and controls", LogLevel::error, std::string{"a\nb\tc\0d\x7F", 8},
       R"({"@level":"error","@message":"a\u000ab\u0009c\u0000d\u007f"})"},
      {"beyond ASCII", LogLevel::info, "Björn → 🙂", R"({"@level":"info","@message":"Björn → 🙂"})"},
      {"no UTF-8", LogLevel::info, "a\xFF\xC3(", R"({"@level":"info","@message":"a??("})"},
      {"looks like JSON", LogLevel::info, R"({"@level":7})", R"({"@level":"info","@message":"{\"@level\":7}"})"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(log_line(c.level, c.text) == c.line + "\n");
  }
}

TEST_CASE("a long line stays below the host's limit and whole in its characters") {
  for (const std::string& piece : {std::string{"\x01"}, std::string{"ö"}, std::string{"x"}}) {
    std::string text = "x";
    while (text.size() < 100'000) text += piece;
    const std::string line = log_line(LogLevel::info, text);
    CHECK(line.size() < 64'000);
    CHECK(is_valid_utf8(line));
    CHECK(line.ends_with("…\"}\n"));
  }
}

}  // namespace
}  // namespace cdc::conduit
