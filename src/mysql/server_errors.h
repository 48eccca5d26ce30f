#pragma once

/// What an errno of the server or of the connector means to us: code, remedy and cure, one table.

#include <string>
#include <string_view>

#include "cdc/base/error.h"
#include "cdc/mysql/endpoint.h"

namespace cdc::mysql {

/// Whom an error speaks of. No secrets.
struct Peer {
  explicit Peer(const Endpoint& endpoint);

  std::string name;  ///< display_name of the endpoint.
  std::string user, host;
};

/// The error for errno `number` with the text the server or the connector gave. `doing` tells what we
/// were about: `connect`, `query`, `binlog stream`.
Error server_error(unsigned number, std::string_view text, const Peer& peer, std::string_view doing);

}  // namespace cdc::mysql
