#pragma once

/// What an errno of the server or of the connector means to us: code, remedy and cure, from one table.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "cdc/base/error.h"
#include "cdc/mysql/endpoint.h"

namespace cdc::mysql {

/// Whom an error speaks of. No secrets.
struct Peer {
  explicit Peer(const Endpoint& endpoint);

  std::string name;  ///< display_name of the endpoint.
  std::string user;
  bool verifies_certificate = false;
};

/// What we were about; the same errno means different things in each.
enum class Phase : std::uint8_t { connect, query, stream };

/// The error for errno `number` with the text the server or the connector gave. Texts that may hold row
/// values are left out.
Error server_error(unsigned number, std::string_view text, const Peer& peer, Phase phase);

/// The error that an ERR packet tells. `packet` begins with its mark.
Error refusal(std::span<const std::byte> packet, const Peer& peer, Phase phase);

/// The server offers no TLS and the endpoint insists on it.
Error tls_missing_error(const Peer& peer);

}  // namespace cdc::mysql
