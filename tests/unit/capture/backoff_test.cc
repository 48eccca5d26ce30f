#include "backoff.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

namespace cdc::capture {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

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

TEST_CASE("a wait lasts its time, unless stopped: before it, or from another thread") {
  std::stop_source source;
  CHECK(wait_for(milliseconds{1}, source.get_token()));
  const auto began = steady_clock::now();
  std::thread stopper{[&] { source.request_stop(); }};
  CHECK_FALSE(wait_for(std::chrono::minutes{10}, source.get_token()));
  stopper.join();
  CHECK_FALSE(wait_for(std::chrono::minutes{10}, source.get_token()));
  CHECK(steady_clock::now() - began < std::chrono::minutes{1});
}

}  // namespace
}  // namespace cdc::capture
