#include <fmt/format.h>

#include <thread>

#include "attempt.h"

namespace cdc::mysql {
namespace {

/// Threads that were left in the middle of a login. They end by themselves, but not while the process takes the
/// TLS library down: exit waits for them. (Loading the system's roots alone can take 50 ms.)
class Leftovers {
 public:
  ~Leftovers() {
    for (Leftover& left : kept_) left.thread.join();
  }
  void keep(std::thread thread, std::shared_ptr<Attempt> attempt) {
    const std::lock_guard lock{mutex_};
    std::erase_if(kept_, [](Leftover& left) {
      const bool ended = left.attempt->thread() == Attempt::Thread::ended;
      if (ended) left.thread.join();
      return ended;
    });
    kept_.push_back({std::move(thread), std::move(attempt)});
  }

 private:
  struct Leftover {
    std::thread thread;
    std::shared_ptr<Attempt> attempt;
  };
  std::mutex mutex_;
  std::vector<Leftover> kept_;
};

void part_with(std::thread thread, const std::shared_ptr<Attempt>& attempt) {
  static Leftovers leftovers;  // made after the TLS library's own exit handler, hence gone before it runs
  switch (attempt->thread()) {
    case Attempt::Thread::ended: return thread.join();
    case Attempt::Thread::looks_up: return thread.detach();
    case Attempt::Thread::ends_soon: return leftovers.keep(std::move(thread), attempt);
  }
}

}  // namespace

Error last_error(MYSQL* handle, const Peer& peer, Phase phase) {
  return server_error(mysql_errno(handle), mysql_error(handle), peer, phase);
}

Error stopped_error(const Peer& peer) {
  return Error{ErrorCode::connection_lost, Remedy::retry, fmt::format("{}: stopped on request", peer.name)};
}

Link dial(const Endpoint& endpoint, const Peer& peer, const std::stop_token& stop) {
  start_library();
  const auto attempt = std::make_shared<Attempt>(endpoint, peer);
  if (stop.stop_requested()) throw stopped_error(peer);
  std::thread thread{[attempt] { attempt->run(); }};
  try {
    Link link = attempt->wait(stop);
    thread.join();
    return link;
  } catch (const Error&) {
    part_with(std::move(thread), attempt);
    throw;
  }
}

}  // namespace cdc::mysql
