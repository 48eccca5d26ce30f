#include "packet_stream.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "transport.h"

namespace cdc::mysql {
namespace {

constexpr std::size_t header_bytes = 4;
constexpr std::size_t kept_joined_bytes = std::size_t{1} << 20;

}  // namespace

bool PacketStream::usable(const MYSQL* handle) noexcept {
  const MARIADB_PVIO* const pvio = handle->net.pvio;
  return pvio != nullptr && pvio->ctls == nullptr && handle->net.compress == 0;
}

PacketStream::PacketStream(MYSQL* handle, std::size_t payload_bytes_max, std::size_t size_bytes)
    : handle_{handle},
      payload_bytes_max_{payload_bytes_max},
      size_bytes_{std::max<std::size_t>(size_bytes, PVIO_READ_AHEAD_CACHE_SIZE)},
      buffer_{std::make_unique_for_overwrite<std::byte[]>(size_bytes_)} {}

void PacketStream::take_over() noexcept {
  MARIADB_PVIO* const pvio = handle_->net.pvio;
  begin_ = end_ = 0;
  first_ = true;
  if (pvio == nullptr || pvio->cache == nullptr || pvio->cache + pvio->cache_size <= pvio->cache_pos) return;
  end_ = static_cast<std::size_t>(pvio->cache + pvio->cache_size - pvio->cache_pos);  // at most PVIO_READ_AHEAD_CACHE_SIZE
  std::memcpy(buffer_.get(), pvio->cache_pos, end_);
  pvio->cache_pos = pvio->cache;
  pvio->cache_size = 0;
}

/// At least one byte; 0 when the link has ended or stayed silent.
std::size_t PacketStream::receive(std::byte* to, std::size_t room_bytes) {
  MARIADB_PVIO* const pvio = handle_->net.pvio;
  if (pvio == nullptr) return 0;
  const auto got = pvio->methods->read(pvio, reinterpret_cast<uchar*>(to), room_bytes);
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

/// Whatever has come, at least `wanted_bytes` (at most the buffer's size) of it.
bool PacketStream::read_until(std::size_t wanted_bytes) {
  if (available() >= wanted_bytes) return true;
  std::memmove(buffer_.get(), buffer_.get() + begin_, available());
  end_ = available();
  begin_ = 0;
  while (available() < wanted_bytes) {
    const std::size_t got = receive(buffer_.get() + end_, size_bytes_ - end_);
    if (got == 0) return false;
    end_ += got;
  }
  return true;
}

/// Exactly `size_bytes`: what the buffer has, then straight from the link.
bool PacketStream::read_into(std::byte* to, std::size_t size_bytes) {
  std::size_t done = std::min(available(), size_bytes);
  std::memcpy(to, buffer_.get() + begin_, done);
  begin_ += done;
  while (done < size_bytes) {
    const std::size_t got = receive(to + done, size_bytes - done);
    if (got == 0) return false;
    done += got;
  }
  return true;
}

PacketStream::Status PacketStream::read_header(Header& out) {
  if (!read_until(header_bytes)) return Status::lost;
  std::uint32_t word;
  std::memcpy(&word, buffer_.get() + begin_, sizeof word);
  begin_ += header_bytes;
  out = {word & part_bytes_max, static_cast<std::uint8_t>(word >> 24)};
  if (!first_ && out.sequence != next_sequence_) return Status::disordered;
  first_ = false;
  next_sequence_ = static_cast<std::uint8_t>(out.sequence + 1);
  return Status::packet;
}

PacketStream::Result PacketStream::next() {
  if (joined_capacity_ > kept_joined_bytes) joined_.reset(), joined_capacity_ = 0;
  Header header;
  if (const Status status = read_header(header); status != Status::packet) return {status, {}};
  if (header.size > size_bytes_) return next_joined(header);
  if (!read_until(header.size)) return {Status::lost, {}};
  const std::span<const std::byte> payload{buffer_.get() + begin_, header.size};
  begin_ += header.size;
  return {Status::packet, payload};
}

/// Grows in steps of one part, so that no claim of the other side takes more than it sends; by realloc, which moves pages, not bytes.
std::byte* PacketStream::grow_joined(std::size_t size_bytes, std::size_t part_bytes) {
  if (size_bytes + part_bytes > joined_capacity_) {
    auto* const grown = static_cast<std::byte*>(std::realloc(joined_.get(), size_bytes + part_bytes));
    if (grown == nullptr) throw std::bad_alloc{};
    static_cast<void>(joined_.release());
    joined_.reset(grown);
    joined_capacity_ = size_bytes + part_bytes;
  }
  return joined_.get() + size_bytes;
}

PacketStream::Result PacketStream::next_joined(Header header) {
  std::size_t size_bytes = 0;
  for (;;) {
    if (size_bytes + header.size > payload_bytes_max_) return {Status::too_large, {}};
    if (!read_into(grow_joined(size_bytes, header.size), header.size)) return {Status::lost, {}};
    size_bytes += header.size;
    if (header.size < part_bytes_max) return {Status::packet, {joined_.get(), size_bytes}};
    if (const Status status = read_header(header); status != Status::packet) return {status, {}};
  }
}

}  // namespace cdc::mysql
