#include <doctest/doctest.h>

#include <chrono>
#include <future>

#include "cdc/base/error.h"
#include "cdc/mysql/binlog_channel.h"
#include "fake_server.h"
#include "packet_stream.h"

namespace cdc::mysql {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds at_once{1000};

/// Serves a login and everything before the dump, then `dump`.
std::function<void(FakeLink&)> dump_server(std::function<void(FakeLink&)> dump) {
  return [dump = std::move(dump)](FakeLink& link) {
    if (link.log_in(make_greeting(false)) && link.serve_until("\x12")) dump(link);
    link.read_rest();
  };
}

BinlogChannel open(const FakeServer& server, bool non_blocking = false, std::stop_token stop = {}) {
  DumpOptions options;
  options.server_id = 99;
  options.non_blocking = non_blocking;
  return BinlogChannel{Connection{server.endpoint(), {}}, options, std::move(stop)};
}

std::string text_of(std::span<const std::byte> bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

ErrorCode code_of_next(BinlogChannel& channel) {
  try {
    const auto event = channel.next();
    return event.empty() ? ErrorCode::output_failed : ErrorCode::usage;
  } catch (const Error& error) {
    return error.code();
  }
}

}  // namespace

TEST_CASE("events come whole and without their status byte, until the end") {
  FakeServer server{dump_server([](FakeLink& link) {
    link.send_packet({"\0first", 6});
    link.send_packet({"\0second", 7});
    link.send_packet({"\xfe\0\0\2\0", 5});
  })};
  BinlogChannel channel = open(server, true);
  CHECK(text_of(channel.next()) == "first");
  CHECK(text_of(channel.next()) == "second");
  CHECK(channel.next().empty());
  CHECK(channel.next().empty());
}

TEST_CASE("an event of more than 16 MiB is joined") {
  constexpr std::size_t packet_bytes = 0xff'ffff;
  const std::string event(packet_bytes + 5, 'e');
  FakeServer server{dump_server([&](FakeLink& link) {
    link.send_packet('\0' + event.substr(0, packet_bytes - 1));
    link.send_packet(event.substr(packet_bytes - 1));
    link.send_packet({"\0after", 6});
  })};
  BinlogChannel channel = open(server);
  const auto got = channel.next();
  CHECK(got.size() == event.size());
  CHECK(text_of(got) == event);
  CHECK(text_of(channel.next()) == "after");
}

TEST_CASE("packets of sizes around the read buffer's come whole, in order") {
  constexpr std::size_t near = PacketStream::buffer_bytes;
  const std::size_t sizes[] = {1, near - 5,  7,         near - 4, near - 1, near,     near + 1, 3, 2 * near + 9,
                               1, 0xff'fffe, 0xff'ffff, 5,        near / 2, near / 2, near / 2};
  const auto event_of = [&](std::size_t i) { return std::string(sizes[i], static_cast<char>('a' + i)); };
  FakeServer server{dump_server([&](FakeLink& link) {
    for (std::size_t i = 0; i < std::size(sizes); ++i) {
      const std::string payload = '\0' + event_of(i);
      constexpr std::size_t part_bytes = 0xff'ffff;
      for (std::size_t at = 0; at <= payload.size(); at += part_bytes) link.send_packet(payload.substr(at, part_bytes));
    }
  })};
  BinlogChannel channel = open(server);
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    CAPTURE(i);
    const auto got = channel.next();
    REQUIRE(got.size() == sizes[i]);
    CHECK(text_of(got) == event_of(i));
  }
}

TEST_CASE("an event beyond the limit is refused by name, one of just that size is not") {
  constexpr std::size_t packet_bytes_max = PacketStream::buffer_bytes + 9;
  FakeServer server{dump_server([&](FakeLink& link) {
    link.send_packet(std::string(packet_bytes_max, '\0'));
    link.send_packet(std::string(packet_bytes_max + 1, '\0'));
  })};
  DumpOptions options;
  options.packet_bytes_max = packet_bytes_max;
  BinlogChannel channel{Connection{server.endpoint(), {}}, options, {}};
  CHECK(channel.next().size() == packet_bytes_max - 1);
  CHECK(code_of_next(channel) == ErrorCode::query_failed);
}

TEST_CASE("whether a read would wait") {
  std::promise<void> go_on;
  FakeServer server{dump_server([&](FakeLink& link) {
    link.send_bytes({"\2\0\0\1\0a\2\0\0\2\0b", 12});  // two packets in one piece
    go_on.get_future().wait();
    link.send_bytes({"\2\0\0\3\0c", 6});
  })};
  BinlogChannel channel = open(server);
  CHECK(text_of(channel.next()) == "a");
  CHECK(!channel.would_wait());
  CHECK(text_of(channel.next()) == "b");
  CHECK(channel.would_wait());
  go_on.set_value();
  CHECK(text_of(channel.next()) == "c");
}

TEST_CASE("what the stream can end with") {
  struct Case {
    const char* name;
    std::function<void(FakeLink&)> dump;
    ErrorCode code;
  };
  const Case cases[] = {
      {"cut within a packet",
       [](FakeLink& l) {
         l.send_bytes({"\x40\0\0\2\0half", 9});
       },
       ErrorCode::connection_lost},
      {"cut within a header",
       [](FakeLink& l) {
         l.send_bytes({"\x40\0", 2});
       },
       ErrorCode::connection_lost},
      {"closed", [](FakeLink&) {}, ErrorCode::connection_lost},
      {"a packet is missing",
       [](FakeLink& l) {
         l.send_bytes({"\2\0\0\3\0b", 6});  // behind number 1
       },
       ErrorCode::connection_lost},
      {"an event without a byte",
       [](FakeLink& l) {
         l.send_packet({"\0", 1});
       },
       ErrorCode::connection_lost},
      {"an end that was not asked for",
       [](FakeLink& l) {
         l.send_packet({"\xfe\0\0\2\0", 5});
       },
       ErrorCode::connection_lost},
      {"an empty packet", [](FakeLink& l) { l.send_packet(""); }, ErrorCode::connection_lost},
      {"a packet that is no event", [](FakeLink& l) { l.send_packet("\7what"); }, ErrorCode::connection_lost},
      {"a purged log", [](FakeLink& l) { l.send_error(1236, "purged required binary logs"); }, ErrorCode::binlog_purged},
      {"a missing privilege", [](FakeLink& l) { l.send_error(1227, "Access denied; you need REPLICATION SLAVE"); },
       ErrorCode::privilege_missing},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string{c.name});
    FakeServer server{[&](FakeLink& link) {
      if (link.log_in(make_greeting(false)) && link.serve_until("\x12")) link.send_packet({"\0first", 6}), c.dump(link);
    }};
    BinlogChannel channel = open(server);
    CHECK(text_of(channel.next()) == "first");
    CHECK(code_of_next(channel) == c.code);
  }
}

TEST_CASE("a stop wakes a read that waits") {
  FakeServer server{dump_server([](FakeLink& link) { link.send_packet({"\0event", 6}); })};
  std::stop_source stop;
  BinlogChannel channel = open(server, false, stop.get_token());
  CHECK(text_of(channel.next()) == "event");
  auto waiting = std::async(std::launch::async, [&] { return channel.next().empty(); });
  const auto begin = Clock::now();
  stop.request_stop();
  CHECK(waiting.get());
  CHECK(Clock::now() - begin < at_once);
  CHECK(channel.next().empty());
}

TEST_CASE("a heartbeat that does not come ends the wait") {
  FakeServer server{dump_server([](FakeLink&) {})};
  Endpoint endpoint = server.endpoint();
  endpoint.read_timeout = std::chrono::milliseconds{1000};
  BinlogChannel channel{Connection{endpoint, {}}, DumpOptions{}, {}};
  CHECK(code_of_next(channel) == ErrorCode::connection_lost);
}

}  // namespace cdc::mysql
