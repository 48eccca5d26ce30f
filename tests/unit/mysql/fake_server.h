#pragma once

/// A server on loopback that says what a test wants, one connection after the other, in a thread.

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "cdc/mysql/endpoint.h"

namespace cdc::mysql {

/// The server's side of one connection. Reads end with nullopt when the client has closed.
class FakeLink {
 public:
  explicit FakeLink(int socket) : socket_{socket} {}

  void send_bytes(std::string_view bytes);
  /// One packet of the protocol; the sequence number goes on by itself.
  void send_packet(std::string_view payload);
  std::optional<std::string> read_packet();
  /// All that the client still sends, until it closes.
  std::string read_rest();

  /// Greeting, then the client's answer, then OK. False when the client left.
  bool log_in(std::string_view greeting);
  void send_ok() { send_packet(std::string_view{"\0\0\0\2\0\0\0", 7}); }
  void send_error(unsigned number, std::string_view text);
  /// Answers OK to statements and to register commands until one begins with `until`; that one is returned.
  std::optional<std::string> serve_until(std::string_view until);

 private:
  int socket_;
  std::uint8_t sequence_ = 0;
};

/// A greeting as MySQL's, with or without TLS; `plugin` is the announced authentication.
std::string make_greeting(bool offers_tls, std::string_view plugin = "mysql_native_password", std::string_view version = "8.0.99-fake");

class FakeServer {
 public:
  explicit FakeServer(std::function<void(FakeLink&)> serve);
  /// Waits for the connection being served: the test closes its side first.
  ~FakeServer();

  /// `mysql://u:secret@127.0.0.1:port/`, TLS off.
  Endpoint endpoint() const;

 private:
  void run();

  std::function<void(FakeLink&)> serve_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace cdc::mysql
