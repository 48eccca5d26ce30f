#include "fake_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace cdc::mysql {
namespace {

constexpr std::uint32_t capability_ssl = 0x800;
// LONG_PASSWORD, FOUND_ROWS, LONG_FLAG, CONNECT_WITH_DB, LOCAL_FILES, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH
constexpr std::uint32_t capabilities = 0x8'0000 | 0x8000 | 0x2000 | 0x200 | 0x80 | 0xf;

std::string little_endian(std::uint64_t value, int width_bytes) {
  std::string out;
  for (int i = 0; i < width_bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

}  // namespace

void FakeLink::send_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void FakeLink::send_packet(std::string_view payload) {
  send_bytes(little_endian(payload.size(), 3) + static_cast<char>(sequence_++) + std::string{payload});
}

std::optional<std::string> FakeLink::read_packet() {
  unsigned char header[4];
  if (::recv(socket_, header, sizeof header, MSG_WAITALL) != sizeof header) return std::nullopt;
  std::string out(header[0] | static_cast<unsigned>(header[1]) << 8 | static_cast<unsigned>(header[2]) << 16, '\0');
  sequence_ = static_cast<std::uint8_t>(header[3] + 1);
  if (!out.empty() && ::recv(socket_, out.data(), out.size(), MSG_WAITALL) != static_cast<ssize_t>(out.size())) return std::nullopt;
  return out;
}

std::string FakeLink::read_rest() {
  std::string out;
  char piece[512];
  for (ssize_t size = 0; (size = ::recv(socket_, piece, sizeof piece, 0)) > 0;) out.append(piece, static_cast<std::size_t>(size));
  return out;
}

bool FakeLink::log_in(std::string_view greeting) {
  send_packet(greeting);
  if (!read_packet()) return false;
  send_ok();
  return true;
}

void FakeLink::send_error(unsigned number, std::string_view text) {
  send_packet('\xff' + little_endian(number, 2) + "#HY000" + std::string{text});
}

std::optional<std::string> FakeLink::serve_until(std::string_view until) {
  for (;;) {
    auto command = read_packet();
    if (!command || command->starts_with(until)) return command;
    send_ok();
  }
}

std::string make_greeting(bool offers_tls, std::string_view plugin, std::string_view version) {
  const std::uint32_t flags = capabilities | (offers_tls ? capability_ssl : 0);
  std::string out = "\x0a" + std::string{version} + '\0';
  out += little_endian(7, 4) + "12345678" + '\0';                          // connection id, scramble, filler
  out += little_endian(flags & 0xffff, 2) + '\x2d' + little_endian(2, 2);  // charset utf8mb4, status
  out += little_endian(flags >> 16, 2) + '\x15' + std::string(10, '\0');   // length of the scramble
  return out + "abcdefghijkl" + '\0' + std::string{plugin} + '\0';
}

FakeServer::FakeServer(std::function<void(FakeLink&)> serve) : serve_{std::move(serve)}, listener_{::socket(AF_INET, SOCK_STREAM, 0)} {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* const address = reinterpret_cast<sockaddr*>(&at);
  if (::bind(listener_, address, size) != 0 || ::listen(listener_, 4) != 0) throw std::runtime_error{"no port for the fake server"};
  ::getsockname(listener_, address, &size);
  port_ = ntohs(at.sin_port);
  thread_ = std::thread{[this] { run(); }};
}

FakeServer::~FakeServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void FakeServer::run() {
  while (!stopping_) {
    const int socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0) return;
    FakeLink link{socket};
    serve_(link);
    ::close(socket);
  }
}

Endpoint FakeServer::endpoint() const {
  Endpoint out;
  out.host = "127.0.0.1";
  out.port = port_;
  out.user = "u";
  out.password = "secret";
  out.tls = TlsMode::off;
  return out;
}

}  // namespace cdc::mysql
