#include <fmt/format.h>

#include "attempt.h"

namespace cdc::mysql {

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
  return attempt->wait(thread, stop);
}

}  // namespace cdc::mysql
