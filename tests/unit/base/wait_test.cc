#include "cdc/base/wait.h"

#include <doctest/doctest.h>

#include <thread>

namespace cdc {
namespace {

TEST_CASE("a wait lasts its time, unless stopped: before it, or from another thread") {
  using std::chrono::steady_clock;
  std::stop_source source;
  CHECK(wait_for(std::chrono::milliseconds{1}, source.get_token()));
  const auto began = steady_clock::now();
  std::thread stopper{[&] { source.request_stop(); }};
  CHECK_FALSE(wait_for(std::chrono::minutes{10}, source.get_token()));
  stopper.join();
  CHECK_FALSE(wait_for(std::chrono::minutes{10}, source.get_token()));
  CHECK(steady_clock::now() - began < std::chrono::minutes{1});
}

}  // namespace
}  // namespace cdc
