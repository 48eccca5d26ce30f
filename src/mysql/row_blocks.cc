#include "row_blocks.h"

#include <errmsg.h>

#include "server_errors.h"

namespace cdc::mysql {
namespace {

constexpr std::size_t row_bytes_max = (std::size_t{1} << 30) + (std::size_t{1} << 20);  // as the connector is told
constexpr unsigned long eof_is_ok_flag = 1UL << 24;                                     // CLIENT_DEPRECATE_EOF: results end in another way
constexpr std::byte error_mark{0xff}, end_mark{0xfe};
constexpr std::size_t end_bytes_max = 8;  // a row that begins so is longer: a field of at least 16 MiB

bool reads_packets(const MYSQL* handle) noexcept { return PacketStream::usable(handle) && (handle->client_flag & eof_is_ok_flag) == 0; }

/// What the connector knows when it has read the end: warnings and the server's state.
void note_end(MYSQL* handle, std::span<const std::byte> packet) noexcept {
  handle->status = MYSQL_STATUS_READY;
  if (packet.size() < 5) return;
  const auto u16 = [&](std::size_t at) { return std::to_integer<unsigned>(packet[at]) | std::to_integer<unsigned>(packet[at + 1]) << 8; };
  handle->warning_count = u16(1);
  handle->server_status = u16(3);
}

}  // namespace

void RowBlocks::read(const Connection::State& state, MYSQL_RES* result, const Sink& each) {
  try {
    if (reads_packets(state.link.handle.get()))
      read_packets(state, each);
    else
      read_connector(result, each);
  } catch (...) {
    rows_.clear();
    // Else freeing the result would read it to its end.
    if (state.link.handle->status != MYSQL_STATUS_READY) state.link.wake.shut_down();
    throw;
  }
}

void RowBlocks::deliver(const Sink& each) {
  if (!rows_.empty()) each(rows_);
  rows_.clear();
}

/// Throws what the server told, or why nothing more comes.
bool RowBlocks::end_of_result(const Connection::State& state, std::span<const std::byte> packet) const {
  if (packet.empty()) throw server_error(CR_MALFORMED_PACKET, "malformed packet", state.peer, Phase::query);
  const bool error = packet.front() == error_mark;
  if (!error && (packet.front() != end_mark || packet.size() > end_bytes_max)) return false;
  if (packets_->buffered()) throw server_error(CR_COMMANDS_OUT_OF_SYNC, "", state.peer, Phase::query);
  note_end(state.link.handle.get(), error ? std::span<const std::byte>{} : packet);
  if (error) throw refusal(packet, state.peer, Phase::query);
  return true;
}

void RowBlocks::read_packets(const Connection::State& state, const Sink& each) {
  if (!packets_) packets_.emplace(state.link.handle.get(), row_bytes_max, buffer_bytes);
  packets_->take_over();
  std::size_t size_bytes = 0;
  for (;;) {
    const PacketStream::Result found = packets_->next();
    if (found.status != PacketStream::Status::packet) {
      if (state.stop.stop_requested()) throw stopped_error(state.peer);
      throw server_error(CR_SERVER_LOST, "Lost connection to server", state.peer, Phase::query);
    }
    if (end_of_result(state, found.payload)) return deliver(each);
    rows_.push_back(found.payload);
    size_bytes += found.payload.size();
    if (rows_.size() < rows_max && size_bytes < bytes_max && packets_->holds_packet()) continue;
    deliver(each);
    size_bytes = 0;
  }
}

void RowBlocks::read_connector(MYSQL_RES* result, const Sink& each) {
  constexpr std::size_t kept_bytes = std::size_t{1} << 20;
  const unsigned column_count = mysql_num_fields(result);
  std::vector<std::optional<std::string_view>> row(column_count);
  const auto flush = [&] {
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
      rows_.push_back(std::as_bytes(std::span{packed_}.subspan(begin, end - begin)));
      begin = end;
    }
    deliver(each);
    ends_.clear();
    if (packed_.capacity() > kept_bytes) std::string{}.swap(packed_);
    packed_.clear();
  };
  while (const MYSQL_ROW texts = mysql_fetch_row(result)) {
    const unsigned long* const sizes = mysql_fetch_lengths(result);
    for (unsigned i = 0; i < column_count; ++i)
      row[i] = texts[i] == nullptr ? std::nullopt : std::optional{std::string_view{texts[i], sizes[i]}};
    pack_row(packed_, row);
    ends_.push_back(packed_.size());
    if (ends_.size() >= rows_max || packed_.size() >= bytes_max) flush();
  }
  flush();
}

}  // namespace cdc::mysql
