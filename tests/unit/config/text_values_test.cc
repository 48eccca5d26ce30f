#include "text_values.h"

#include <doctest/doctest.h>

namespace cdc::config {
namespace {

using std::chrono::milliseconds;

TEST_CASE("durations are Go's, and days") {
  struct Case {
    const char* text;
    std::int64_t ms;  ///< -1: refused.
  };
  const Case cases[] = {
      {"0", 0},
      {"0s", 0},
      {"10s", 10'000},
      {"500ms", 500},
      {"1m30s", 90'000},
      {"1.5h", 5'400'000},
      {"7d", 604'800'000},
      {"1h0m0.25s", 3'600'250},
      {".5s", 500},
      {"2.s", 2'000},
      {"1000us", 1},
      {"1000µs", 1},
      {"3000000ns", 3},
      {"36525d", 3'155'760'000'000},
      {"1.000000000000s", 1'000},
      {"", -1},
      {"10", -1},
      {"s", -1},
      {".s", -1},
      {"-1s", -1},
      {"+1s", -1},
      {"1 s", -1},
      {"1s ", -1},
      {"1x", -1},
      {"1us", -1},
      {"1.5ns", -1},
      {"0.0001s", -1},
      {"36526d", -1},
      {"36525d1ms", -1},
      {"99999999999999999999s", -1},
      {"18446744073709551615h", -1},
      {"1S", -1},
      {"1.0000000000000000000s", -1},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto value = parse_duration(c.text);
    CHECK(value.has_value() == (c.ms >= 0));
    if (value) CHECK(value->count() == c.ms);
  }
}

TEST_CASE("a formatted duration reads back as itself") {
  for (const std::int64_t ms : {0LL, 1LL, 999LL, 1'000LL, 61'001LL, 3'600'000LL, 90'061'001LL}) {
    CAPTURE(ms);
    CHECK(parse_duration(format_duration(milliseconds{ms})) == milliseconds{ms});
  }
  CHECK(format_duration(milliseconds{90'000}) == "1m30s");
}

TEST_CASE("whole numbers and truth") {
  CHECK(parse_uint("18446744073709551615") == 18'446'744'073'709'551'615U);
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "0x10", "1.0", "18446744073709551616"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_uint(text));
  }
  CHECK(parse_bool("T") == true);
  CHECK(parse_bool("False") == false);
  for (const char* text : {"", "yes", "on", "tRUE", "2"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_bool(text));
  }
}

TEST_CASE("shown values are cut between characters, without control characters") {
  CHECK(show("a\x1b[31m\n") == "\"a\\x1b[31m\\x0a\"");
  CHECK(show(std::string(60, 'x')) == "\"" + std::string(60, 'x') + "\"");
  CHECK(show(std::string(59, 'x') + "é") == "\"" + std::string(59, 'x') + "…\"");
}

TEST_CASE("choices are found as a whole") {
  CHECK(find_choice("a|bc|d", "a") == 0);
  CHECK(find_choice("a|bc|d", "bc") == 1);
  CHECK(find_choice("a|bc|d", "d") == 2);
  for (const char* text : {"", "b", "a|bc", "|", "e"}) {
    CAPTURE(text);
    CHECK_FALSE(find_choice("a|bc|d", text));
  }
}

}  // namespace
}  // namespace cdc::config
