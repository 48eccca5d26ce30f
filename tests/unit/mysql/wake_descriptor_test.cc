#include "wake_descriptor.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>

using cdc::mysql::WakeDescriptor;

namespace {

constexpr int limit_ms = 20'000;

struct Socket {
  int fd = -1;
  ~Socket() {
    if (fd >= 0) ::close(fd);
  }
};

/// A connection over loopback: the reader's end and the writer's.
struct Pair {
  Socket reader, writer;

  Pair() {
    Socket listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener.fd, any, size) == 0);
    REQUIRE(::listen(listener.fd, 1) == 0);
    REQUIRE(::getsockname(listener.fd, any, &size) == 0);
    reader.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(::connect(reader.fd, any, size) == 0);
    writer.fd = ::accept4(listener.fd, nullptr, nullptr, SOCK_CLOEXEC);
    REQUIRE(writer.fd >= 0);
  }
};

std::uint32_t window_of_reader(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  REQUIRE(::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0);
  return info.tcpi_snd_wnd;
}

/// Writes until the reader takes not one byte more.
void fill(int fd) {
  static const std::array<char, 65536> bytes{};
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::milliseconds{limit_ms};
  do {
    REQUIRE(std::chrono::steady_clock::now() < give_up);
    while (::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
    }
    REQUIRE((errno == EAGAIN || errno == EWOULDBLOCK));
    pollfd room{fd, POLLOUT, 0};
    ::poll(&room, 1, 10);
  } while (window_of_reader(fd) != 0);
}

void read_to_end(int fd) {
  static std::array<char, 65536> bytes;
  while (::recv(fd, bytes.data(), bytes.size(), 0) > 0) {
  }
}

}  // namespace

// Without it a server that waits to send a row keeps its transaction until its net_write_timeout: the reader's end is gone, but in
// the state FIN_WAIT_2 it goes on to answer that its window is shut.
TEST_CASE("a server that is blocked in a write learns at once that a reader that was shut down is gone") {
  Pair pair;
  fill(pair.writer.fd);
  {
    const WakeDescriptor wake{pair.reader.fd};
    wake.shut_down();
    read_to_end(pair.reader.fd);  // as the connector does
    ::close(std::exchange(pair.reader.fd, -1));
  }
  pollfd told{pair.writer.fd, 0, 0};
  REQUIRE(::poll(&told, 1, limit_ms) == 1);
  CHECK((told.revents & POLLERR) != 0);
}
