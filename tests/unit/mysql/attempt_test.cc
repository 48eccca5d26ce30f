#include "attempt.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <system_error>
#include <thread>

#include "cdc/base/error.h"
#include "fake_server.h"

namespace cdc::mysql {
namespace {

std::ptrdiff_t open_sockets() {
  namespace fs = std::filesystem;
  const auto is_socket = [](const fs::directory_entry& entry) {
    std::error_code gone;  // the folder's own descriptor
    return fs::read_symlink(entry.path(), gone).string().starts_with("socket:");
  };
  return std::count_if(fs::directory_iterator{"/proc/self/fd"}, fs::directory_iterator{}, is_socket);
}

/// An attempt that was left while the server owed it an answer, and whose thread has ended.
std::shared_ptr<Attempt> left_behind() {
  std::atomic<bool> asked = false;
  const FakeServer server{[&](FakeLink& link) {
    link.send_packet(make_greeting(false));
    link.read_packet();
    asked = true;
    asked.notify_all();
    link.read_rest();
  }};
  const Endpoint endpoint = server.endpoint();
  auto attempt = std::make_shared<Attempt>(endpoint, Peer{endpoint});
  std::thread thread{[&] { attempt->run(); }};
  asked.wait(false);
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(attempt->wait(stop.get_token()), Error);
  thread.join();
  return attempt;
}

TEST_CASE("a login that was left behind has no socket any more when its thread has ended, whoever still holds it") {
  const auto before = open_sockets();
  const auto attempt = left_behind();
  CHECK(open_sockets() == before);
}

}  // namespace
}  // namespace cdc::mysql
