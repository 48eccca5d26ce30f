#include "settle.h"

#include <doctest/doctest.h>

#include <thread>

namespace cdc::snapshot {
namespace {

using std::chrono::milliseconds;

Opening at(std::uint64_t offset, bool exact = true) { return {.point = {"", "binlog.000001", offset}, .exact = exact}; }

TEST_CASE("views are opened until all are exact at the same point") {
  struct Case {
    std::string name;
    std::vector<std::vector<Opening>> tries;
    std::uint32_t want_attempts;
    std::uint64_t want_at;
  };
  const Case cases[] = {
      {"at once", {{at(4)}}, 1, 4},
      {"all at one point", {{at(7), at(7), at(7)}}, 1, 7},
      {"one elsewhere", {{at(7), at(8), at(7)}, {at(9), at(9), at(9)}}, 2, 9},
      {"one not exact", {{at(7), at(7, false)}, {at(7), at(7)}}, 2, 7},
      {"the first not exact", {{at(7, false), at(7)}, {at(7, false), at(7, false)}, {at(8), at(8)}}, 3, 8},
      {"after pauses", std::vector<std::vector<Opening>>(20, {at(1, false)}), 21, 5},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name);
    std::size_t next = 0;
    const Settled settled = settle([&] { return next < one.tries.size() ? one.tries[next++] : std::vector{at(5)}; }, {}, {});
    REQUIRE(settled.point);
    CHECK(settled.point->at == one.want_at);
    CHECK(settled.attempts == one.want_attempts);
  }
}

TEST_CASE("there is a limit of attempts and one of time") {
  const auto never = [] { return std::vector{at(7), at(8)}; };
  const Settled by_attempts = settle(never, {.attempts_max = 11, .time_max = std::chrono::hours{1}}, {});
  CHECK_FALSE(by_attempts.point);
  CHECK(by_attempts.attempts == 11);
  const Settled by_time = settle(never, {.attempts_max = 1'000'000, .time_max = milliseconds{0}}, {});
  CHECK_FALSE(by_time.point);
  CHECK(by_time.attempts == 1);
}

TEST_CASE("a stop ends it before the next attempt") {
  std::stop_source stop;
  int opened = 0;
  const auto open = [&] {
    if (++opened == 3) stop.request_stop();
    return std::vector{at(1, false)};
  };
  try {
    settle(open, {}, stop.get_token());
    FAIL("it went on");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::connection_lost);
  }
  CHECK(opened == 3);
}

}  // namespace
}  // namespace cdc::snapshot
