#include "pacer.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cdc::conduit {
namespace {

using std::chrono::microseconds;

struct PacerCase {
  std::string name;
  microseconds apart;  ///< From the end of a rest, or the last time, until the source has run dry again.
  std::size_t records;
  bool rests;
};

TEST_CASE("a rest comes when few records come fast, and only after a while") {
  const std::vector<PacerCase> cases{{"a thousand commits a second", microseconds{300}, 2, true},
                                     {"nearly too slow", Pacer::apart_max - microseconds{1}, 1, true},
                                     {"too slow", Pacer::apart_max, 1, false},
                                     {"fast, and each time much", microseconds{300}, Pacer::few_records + 1, false}};
  for (const PacerCase& c : cases) {
    CAPTURE(c.name);
    Pacer pacer;
    Pacer::Clock::time_point now{std::chrono::hours{1}};
    for (unsigned time = 0; time < 3 * Pacer::times_in_a_row; ++time) {
      const auto rest = pacer.rest(now, c.records);
      CHECK(rest == (c.rests && time > Pacer::times_in_a_row ? Pacer::rest_length : microseconds{}));
      now += rest + c.apart;
    }
  }
}

TEST_CASE("one pause, and the next records leave at once") {
  Pacer pacer;
  Pacer::Clock::time_point now{std::chrono::hours{1}};
  for (unsigned time = 0; time < 3 * Pacer::times_in_a_row; ++time) now += pacer.rest(now, 1) + microseconds{100};
  CHECK(pacer.rest(now, 1) == Pacer::rest_length);
  now += Pacer::rest_length + Pacer::apart_max;
  CHECK(pacer.rest(now, 1) == microseconds{});
  CHECK(pacer.rest(now + microseconds{100}, 1) == microseconds{});
}

}  // namespace
}  // namespace cdc::conduit
