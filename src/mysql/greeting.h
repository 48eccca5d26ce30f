#pragma once

/// The server's first packet, read for one fact before anything is sent: does it offer TLS?
/// The connector takes a server that does not for one to which the password may go in clear.

#include <cstddef>
#include <cstdint>
#include <span>

namespace cdc::mysql {

enum class Greeting : std::uint8_t {
  incomplete,   ///< More bytes are needed.
  offers_tls,   ///< Capability SSL (0x800) is set.
  plain,        ///< A greeting without it.
  not_greeting  ///< An error packet, or no MySQL server: nothing may be sent that needs TLS.
};

/// `bytes`: all that came so far, packet header first. Source: Protocol::HandshakeV10.
Greeting read_greeting(std::span<const std::byte> bytes) noexcept;

}  // namespace cdc::mysql
