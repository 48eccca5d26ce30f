#include "backoff.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace cdc::capture {
namespace {

using std::chrono::milliseconds;

TEST_CASE("delays double from the first to the longest, a quarter either way, and then there are no more attempts") {
  for (int round = 0; round < 20; ++round) {
    Backoff backoff;
    milliseconds plain = Backoff::first_delay, total{};
    for (std::uint32_t i = 0; i < Backoff::attempts_max; ++i) {
      milliseconds delay{};
      REQUIRE(backoff.next(delay));
      CHECK(backoff.attempts() == i + 1);
      CHECK(delay >= plain * 3 / 4);
      CHECK(delay <= plain * 5 / 4);
      plain = std::min(plain * 2, Backoff::longest_delay);
      total += delay;
    }
    milliseconds unchanged{77};
    CHECK_FALSE(backoff.next(unchanged));
    CHECK(unchanged == milliseconds{77});
    CHECK(total > std::chrono::minutes{10});
    CHECK(total < std::chrono::minutes{25});
  }
}

TEST_CASE("progress begins the count anew") {
  Backoff backoff;
  milliseconds delay{};
  for (int i = 0; i < 12; ++i) backoff.next(delay);
  backoff.reset();
  CHECK(backoff.attempts() == 0);
  REQUIRE(backoff.next(delay));
  CHECK(delay <= Backoff::first_delay * 5 / 4);
}

}  // namespace
}  // namespace cdc::capture
