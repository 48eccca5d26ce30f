#include "cdc/mysql/binlog_channel.h"

#include <errmsg.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "dump_command.h"
#include "link.h"
#include "packet_stream.h"
#include "pending_input.h"

namespace cdc::mysql {
namespace {

constexpr std::size_t end_packet_bytes_max = 8;  // as for any answer: EOF is 0xfe in a packet shorter than 9
constexpr std::byte status_event{0x00}, status_end{0xfe}, status_error{0xff};

}  // namespace

struct BinlogChannel::State {
  State(Connection prepared, const DumpOptions& options, std::stop_token stop_token);
  ~State() { link.link.wake.shut_down(); }  // a dump has no end to wait for

  MYSQL* handle() const noexcept { return link.link.handle.get(); }
  bool stopped() const noexcept { return stop.stop_requested() || link.stop.stop_requested(); }
  void send(const Command& command, bool answer_is_stream);
  std::span<const std::byte> read_packet();
  [[noreturn]] void fail_reading(PacketStream::Status status) const;
  [[noreturn]] void fail(std::string_view why) const;

  Connection connection;
  Connection::State& link;
  std::stop_token stop;
  bool non_blocking;
  bool ended = false;
  std::optional<PacketStream> packets;              ///< None: the connector reads (TLS).
  std::stop_callback<ShutDownSocket> wake_on_stop;  ///< Declared last: gone before the socket is closed.
};

BinlogChannel::State::State(Connection prepared, const DumpOptions& options, std::stop_token stop_token)
    : connection{std::move(prepared)},
      link{*connection.state_},
      stop{std::move(stop_token)},
      non_blocking{options.non_blocking},
      wake_on_stop{stop, ShutDownSocket{&link.link.wake}} {
  link.run(dump_session_statement(options, connection));
  send(register_command(options), false);
  send(dump_command(options, connection.version()), true);
  if (!PacketStream::usable(handle())) return;
  packets.emplace(handle(), options.packet_bytes_max);
  packets->take_over();
}

/// The next packet, or nothing when a stop ended the link: that makes reads fail, so that only a failed one has to ask.
std::span<const std::byte> BinlogChannel::State::read_packet() {
  if (!packets) {
    const unsigned long size = mysql_net_read_packet(handle());
    if (size != packet_error) return std::as_bytes(std::span{handle()->net.read_pos, size});
    if (stopped()) return {};
    throw last_error(handle(), link.peer, Phase::stream);
  }
  const PacketStream::Result result = packets->next();
  if (result.status != PacketStream::Status::packet) {
    if (stopped()) return {};
    fail_reading(result.status);
  }
  if (!result.payload.empty() && result.payload.front() == status_error) throw refusal(result.payload, link.peer, Phase::stream);
  return result.payload;
}

void BinlogChannel::State::fail_reading(PacketStream::Status status) const {
  if (status == PacketStream::Status::lost) throw server_error(CR_SERVER_LOST, "Lost connection to server", link.peer, Phase::stream);
  if (status == PacketStream::Status::too_large) throw server_error(CR_NET_PACKET_TOO_LARGE, "", link.peer, Phase::stream);
  fail("packets out of order");
}

void BinlogChannel::State::send(const Command& command, bool answer_is_stream) {
  const auto number = static_cast<enum_server_command>(command.number);
  const bool failed =
      handle()->methods->db_command(handle(), number, command.body.data(), command.body.size(), my_bool{answer_is_stream}, nullptr) != 0;
  if (failed && stopped()) throw stopped_error(link.peer);
  if (failed) throw last_error(handle(), link.peer, Phase::stream);
}

void BinlogChannel::State::fail(std::string_view why) const {
  throw Error{ErrorCode::connection_lost, Remedy::retry, fmt::format("binlog stream of {}: {}", link.peer.name, why)};
}

BinlogChannel::BinlogChannel(Connection connection, const DumpOptions& options, std::stop_token stop)
    : state_{std::make_unique<State>(std::move(connection), options, std::move(stop))} {}
BinlogChannel::~BinlogChannel() = default;

std::span<const std::byte> BinlogChannel::next() {
  State& s = *state_;
  if (s.ended) return {};
  const auto packet = s.read_packet();
  if (packet.size() > 1 && packet.front() == status_event) return packet.subspan(1);
  s.ended = s.stopped();
  if (s.ended) return {};
  if (packet.empty() || packet.front() != status_end || packet.size() > end_packet_bytes_max) s.fail("a packet that is no event");
  if (!s.non_blocking) s.fail("the server ended it");
  s.ended = true;
  return {};
}

bool BinlogChannel::would_wait() noexcept {
  return !(state_->packets && state_->packets->buffered()) && !has_pending_input(state_->handle());
}

const ServerVersion& BinlogChannel::version() const noexcept { return state_->connection.version(); }

}  // namespace cdc::mysql
