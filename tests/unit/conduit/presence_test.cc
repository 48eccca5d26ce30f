#include "presence.h"

#include <doctest/doctest.h>

#include <thread>

namespace cdc::conduit {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds at_once{0}, never{3'600'000}, often{1};

TEST_CASE("a plugin that nobody calls ends") {
  Presence presence{{.nobody_calls = at_once, .told_to_end = never, .look_for_parent = often}};
  CHECK(presence.wait_for_end({}) == EndReason::nobody_called);
}

TEST_CASE("between its calls a plugin waits for the host, but not after Run") {
  Presence presence{{.nobody_calls = at_once, .told_to_end = at_once, .look_for_parent = often}};
  std::stop_source told;
  told.request_stop();
  presence.call_begins();
  presence.call_ends(false);
  CHECK(presence.wait_for_end(told.get_token()) == EndReason::told_to_end);
  presence.call_begins();
  CHECK(presence.wait_for_end(told.get_token()) == EndReason::told_to_end);
  presence.call_ends(true);
  CHECK(presence.wait_for_end({}) == EndReason::nobody_called);
}

TEST_CASE("Shutdown ends the waiting at once") {
  Presence presence{{.nobody_calls = never, .told_to_end = never, .look_for_parent = never}};
  std::jthread host{[&] { presence.shut_down(); }};
  CHECK(presence.wait_for_end({}) == EndReason::shutdown);
}

TEST_CASE("whoever is told to end gives the host its time") {
  Presence presence{{.nobody_calls = never, .told_to_end = never, .look_for_parent = often}};
  std::stop_source told;
  told.request_stop();
  std::jthread host{[&] { presence.shut_down(); }};
  CHECK(presence.wait_for_end(told.get_token()) == EndReason::shutdown);
}

}  // namespace
}  // namespace cdc::conduit
