#include "ack_ledger.h"

#include <doctest/doctest.h>

namespace cdc::capture {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr AckLedger::Time start{seconds{1'000}};

TEST_CASE("an acknowledgement counts after its grace") {
  AckLedger ledger{seconds{60}};
  CHECK(ledger.settled(start) == 0);
  ledger.acknowledge(7, start);
  ledger.acknowledge(9, start + seconds{30});
  CHECK(ledger.settled(start + seconds{60} - milliseconds{1}) == 0);
  CHECK(ledger.settled(start + seconds{60}) == 7);
  CHECK(ledger.settled(start + seconds{89}) == 7);
  CHECK(ledger.settled(start + seconds{90}) == 9);
  CHECK(ledger.settled(start + seconds{900}) == 9);
}

TEST_CASE("what comes together is as young as its last, and under constant flow it settles all the same") {
  AckLedger ledger{seconds{10}};
  for (std::uint64_t i = 1; i <= 100; ++i) ledger.acknowledge(i, start + milliseconds{100 * i});
  const auto settled = ledger.settled(start + seconds{15});
  CHECK(settled >= 30);  // of the 50 that are old enough, those of whole seconds
  CHECK(settled <= 50);
  CHECK(ledger.settled(start + seconds{20}) == 100);
}

TEST_CASE("numbers that go back change nothing; without a grace everything counts at once") {
  AckLedger ledger{seconds{0}};
  ledger.acknowledge(5, start);
  ledger.acknowledge(3, start + seconds{5});
  CHECK(ledger.settled(start + seconds{5}) == 5);
  ledger.acknowledge(6, start + seconds{6});
  CHECK(ledger.settled(start + seconds{6}) == 6);
}

}  // namespace
}  // namespace cdc::capture
