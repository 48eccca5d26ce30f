#include "acknowledgements.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "exact_bytes.h"

namespace cdc::conduit {
namespace {

using namespace std::string_literals;

TEST_CASE("positions of a message of acknowledgements are counted") {
  struct Case {
    std::string name, message;
    std::optional<std::uint64_t> count;
  };
  const Case cases[] = {
      {"none", ""s, 0},
      {"one",
       "\x0A\x03"
       "abc"s,
       1},
      {"an empty one", "\x0A\x00"s, 1},
      {"three",
       "\x0A\x01"
       "a"
       "\x0A\x01"
       "b"
       "\x0A\x01"
       "c"s,
       3},
      {"a long one", "\x0A\xC8\x01"s + std::string(200, 'p'), 1},
      {"fields of later versions",
       "\x10\x96\x01"
       "\x0A\x01"
       "a"
       "\x19"
       "12345678"
       "\x22\x02"
       "xy"
       "\x2D"
       "1234"s,
       1},
      {"an end without length", "\x0A"s, std::nullopt},
      {"a length beyond the end",
       "\x0A\x04"
       "abc"s,
       std::nullopt},
      {"the largest length", "\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"s, std::nullopt},
      {"a number without end", "\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"s, std::nullopt},
      {"a kind that is none", "\x0F"s, std::nullopt},
      {"an old group", "\x0B\x0C"s, std::nullopt},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const ExactBytes message{c.message};
    CHECK(count_acknowledged(message) == c.count);
  }
}

TEST_CASE("in two pieces a message counts as in one") {
  const std::string message = "\x10\x96\x01\x0A\xC8\x01"s + std::string(200, 'p') +
                              "\x0A\x00\x19"
                              "12345678"
                              "\x0A\x03"
                              "abc"s;
  for (std::size_t size = 0; size <= message.size(); ++size) {
    CAPTURE(size);
    const ExactBytes first{std::string_view{message}.substr(0, size)}, second{std::string_view{message}.substr(size)};
    AcknowledgementCount count;
    count.take(first);
    count.take(second);
    CHECK(count.positions() == 3);
  }
}

TEST_CASE("no cut reads beyond its end") {
  const std::string message =
      "\x10\x96\x01"
      "\x0A\x03"
      "abc"
      "\x19"
      "12345678"
      "\x2D"
      "1234"
      "\x0A\x00"s;
  for (std::size_t size = 0; size <= message.size(); ++size) {
    const ExactBytes cut{std::string_view{message}.substr(0, size)};
    const auto count = count_acknowledged(cut);
    CHECK((!count || *count <= 2));
  }
}

}  // namespace
}  // namespace cdc::conduit
