#include "cdc/mysql/binlog_channel.h"

#include <poll.h>

#include "dump_command.h"
#include "link.h"

namespace cdc::mysql {
namespace {

constexpr std::size_t end_of_stream_bytes_max = 9;

void send(MYSQL* handle, const Command& command, bool skip_answer) {
  handle->methods->db_command(handle, static_cast<enum_server_command>(command.number), command.body.data(), command.body.size(),
                              static_cast<my_bool>(skip_answer), nullptr);
}

}  // namespace

struct BinlogChannel::State {
  State(Connection link, const DumpOptions& options, std::stop_token stop_token)
      : connection{std::move(link)},
        link_state{*connection.state_},
        stop{std::move(stop_token)},
        wake_on_stop{stop, ShutDownSocket{&link_state.link.wake}} {
    connection.query(dump_session_statement(options, connection.version(), connection));
    MYSQL* const handle = link_state.link.handle.get();
    send(handle, register_command(options), false);
    check();
    send(handle, dump_command(options, connection.version()), true);
    check();
  }
  bool stopped() const noexcept { return stop.stop_requested() || link_state.stop.stop_requested(); }
  void check() const {
    if (mysql_errno(link_state.link.handle.get()) != 0) throw last_error(link_state.link.handle.get(), link_state.peer, "binlog stream");
  }

  Connection connection;
  Connection::State& link_state;
  std::stop_token stop;
  std::stop_callback<ShutDownSocket> wake_on_stop;
};

BinlogChannel::BinlogChannel(Connection connection, const DumpOptions& options, std::stop_token stop)
    : state_{std::make_unique<State>(std::move(connection), options, std::move(stop))} {}
BinlogChannel::~BinlogChannel() = default;

std::span<const std::byte> BinlogChannel::next() {
  MYSQL* const handle = state_->link_state.link.handle.get();
  const unsigned long size = mysql_net_read_packet(handle);
  if (size == packet_error || size == 0) {
    if (state_->stopped()) return {};
    throw last_error(handle, state_->link_state.peer, "binlog stream");
  }
  const auto packet = std::as_bytes(std::span{handle->net.read_pos, size});
  if (size < end_of_stream_bytes_max && packet.front() == std::byte{0xfe}) return {};
  return packet.subspan(1);
}

bool BinlogChannel::would_wait() noexcept {
  pollfd wanted{state_->link_state.link.wake.get(), POLLIN, 0};
  return ::poll(&wanted, 1, 0) == 0;
}

const ServerVersion& BinlogChannel::version() const noexcept { return state_->connection.version(); }

}  // namespace cdc::mysql
