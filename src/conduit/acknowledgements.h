#pragma once

/// What the host says on the Run call: which records it has stored.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace cdc::conduit {

/// Counts the positions in one message of acknowledgements, which may come in pieces: those of a large batch are never put together.
/// Format: connector.v2 Source.Run.Request, field 1 repeated bytes; other fields are passed over.
class AcknowledgementCount {
 public:
  void take(std::span<const std::byte> piece) noexcept;
  /// After all pieces; none when the message is malformed.
  std::optional<std::uint64_t> positions() const noexcept;

 private:
  /// What the next byte belongs to.
  enum class Part : std::uint8_t { tag, number, size, content };

  void take_byte(std::uint64_t byte) noexcept;
  void end_varint() noexcept;
  void skip(std::uint64_t size_bytes) noexcept;
  void end_field() noexcept;

  Part part_ = Part::tag;
  bool malformed_ = false;
  unsigned shift_ = 0;
  std::uint64_t value_ = 0, tag_ = 0, left_ = 0, count_ = 0;
};

/// Of a message in one piece.
std::optional<std::uint64_t> count_acknowledged(std::span<const std::byte> message) noexcept;

}  // namespace cdc::conduit
