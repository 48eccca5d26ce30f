#pragma once

/// Packets of a connection that only receives for a while, borrowed from one large read buffer.
///
/// The connector copies every packet twice and asks the kernel for at most 16 KiB at a time; measured, that is a quarter of
/// what a stream of small transactions costs. Here a read takes what the kernel has, up to the buffer's size, and a
/// packet is a view into it. Only for links without TLS and without compression: `usable` says so; others stay with the
/// connector. Waits, time limits and the end on a shut-down socket are the connector's own (its transport does the reading).
///
/// Format: 3-byte little-endian payload size, a sequence number, the payload; a payload of 0xffffff bytes goes on in the next packet.
/// Source: MySQL client/server protocol, "MySQL Packets".

#include <mysql.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

namespace cdc::mysql {

class PacketStream {
 public:
  static constexpr std::size_t buffer_bytes = std::size_t{2}
                                              << 20;  ///< Of a dump. Measured: 128 KiB costs a tenth more CPU on small transactions.

  static bool usable(const MYSQL* handle) noexcept;
  /// A payload of more than `payload_bytes_max` is `too_large`. The handle stays the caller's.
  PacketStream(MYSQL* handle, std::size_t payload_bytes_max, std::size_t size_bytes = buffer_bytes);
  /// To be called first, and whenever the connector has read in between: takes over what it has read ahead. From then on it must not read,
  /// until all that was sent has been taken from here.
  void take_over() noexcept;

  enum class Status : std::uint8_t {
    packet,
    lost,        ///< The link ended or stayed silent for the read timeout.
    disordered,  ///< Not the protocol: a sequence number that does not follow.
    too_large,   ///< A payload beyond the limit.
  };
  struct Result {
    Status status;
    std::span<const std::byte> payload;  ///< Valid until the next call.
  };
  Result next();
  /// Whether bytes of the next packet lie here already.
  bool buffered() const noexcept { return begin_ != end_; }
  /// Whether the next packet lies here as a whole: `next` gives it without reading, and what it gave before stays valid.
  bool holds_packet() const noexcept {
    std::uint32_t word = 0;
    if (available() < sizeof word) return false;
    std::memcpy(&word, buffer_.get() + begin_, sizeof word);
    return (word & part_bytes_max) <= available() - sizeof word;
  }

 private:
  static constexpr std::uint32_t part_bytes_max = 0xff'ffff;
  struct Free {
    void operator()(std::byte* bytes) const noexcept { std::free(bytes); }
  };
  struct Header {
    std::size_t size;
    std::uint8_t sequence;
  };

  std::size_t available() const noexcept { return end_ - begin_; }
  std::size_t receive(std::byte* to, std::size_t room_bytes);
  bool read_until(std::size_t wanted_bytes);
  bool read_into(std::byte* to, std::size_t size_bytes);
  Status read_header(Header& out);
  Result next_joined(Header header);
  std::byte* grow_joined(std::size_t size_bytes, std::size_t part_bytes);

  MYSQL* handle_;
  std::size_t payload_bytes_max_, size_bytes_;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::unique_ptr<std::byte, Free> joined_;  ///< A payload that does not fit into the buffer.
  std::size_t joined_capacity_ = 0;
  std::uint8_t next_sequence_ = 0;
  bool first_ = true;
};

}  // namespace cdc::mysql
