#pragma once

/// A logged-in handle of the connector and what it takes to interrupt it.

#include <mysql.h>

#include <memory>
#include <stop_token>

#include "cdc/mysql/connection.h"
#include "server_errors.h"
#include "wake_descriptor.h"

namespace cdc::mysql {

/// Says goodbye without ever waiting for the network.
struct CloseHandle {
  void operator()(MYSQL* handle) const noexcept;
};
using Handle = std::unique_ptr<MYSQL, CloseHandle>;

/// A connection after login, before the session is set up.
struct Link {
  WakeDescriptor wake;
  Handle handle;
};

/// Connects and logs in, in a thread of its own that is abandoned on stop and on timeout. Throws Error.
Link dial(const Endpoint& endpoint, const Peer& peer, const std::stop_token& stop);

/// The connector's last error as ours.
Error last_error(MYSQL* handle, const Peer& peer, Phase phase);

/// The error of a caller that asked to stop.
Error stopped_error(const Peer& peer);

class RowBlocks;

struct Connection::State {
  State(const Endpoint& endpoint, std::stop_token stop_token);
  /// While a statement runs it says no goodbye: a server that waits for a lock takes those bytes for a client that is still there.
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  void run(std::string_view sql);
  /// Throws the connector's last error if there is one; `stopped_error` when that is why.
  void check(Phase phase) const;

  Peer peer;
  std::stop_token stop;
  Link link;
  ServerVersion version;
  bool unanswered = false;                          ///< A statement was sent and its answer not read.
  std::unique_ptr<RowBlocks> rows;                  ///< Made when first needed.
  std::stop_callback<ShutDownSocket> wake_on_stop;  ///< Declared last: gone before the socket is closed.
};

}  // namespace cdc::mysql
