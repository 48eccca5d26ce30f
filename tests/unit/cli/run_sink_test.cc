#include "run_sink.h"

#include <doctest/doctest.h>

#include "scene.h"

namespace cdc::cli {
namespace {

using namespace cdc::test;

struct CountingPrinter final : Printer {
  void on_change(const Change&) override { ++changes; }
  void on_idle() override { ++waits; }
  void finish(bool) override {}
  int changes = 0, waits = 0;
};

TEST_CASE("changes and transactions are counted, the limit ends the run") {
  Scene scene{{column("id")}};
  const std::vector<Value> row{integer(7)};
  const Change change = scene.change(Operation::create, {}, row);
  CountingPrinter printer;
  const std::stop_source ending;
  RunSink sink{printer, 3, ending, {}};
  sink.on_change(change);
  sink.on_change(change);
  CHECK_FALSE(ending.stop_requested());
  scene.next_transaction();
  sink.on_change(change);
  CHECK(ending.stop_requested());
  sink.on_change(change);
  CHECK(printer.changes == 3);
  CHECK(sink.changes() == 3);
  CHECK(sink.transactions() == 2);
}

TEST_CASE("the first wait is told once; after a stop nobody waits") {
  CountingPrinter printer;
  std::stop_source ending;
  int told = 0;
  RunSink sink{printer, 0, ending, [&] { ++told; }};
  sink.on_idle();
  sink.on_idle();
  CHECK(told == 1);
  CHECK(printer.waits == 2);
  ending.request_stop();
  sink.on_idle();
  CHECK(printer.waits == 2);
}

}  // namespace
}  // namespace cdc::cli
