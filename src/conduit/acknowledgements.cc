#include "acknowledgements.h"

#include <algorithm>

namespace cdc::conduit {
namespace {

enum WireType : std::uint32_t { varint = 0, fixed64 = 1, sized = 2, fixed32 = 5 };
constexpr std::uint64_t positions_tag = 1U << 3U | sized;

}  // namespace

void AcknowledgementCount::take(std::span<const std::byte> piece) noexcept {
  while (!piece.empty() && !malformed_) {
    if (part_ != Part::content) {
      take_byte(std::to_integer<std::uint64_t>(piece.front()));
      piece = piece.subspan(1);
      continue;
    }
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece.size()));
    piece = piece.subspan(step);
    skip(left_ - step);
  }
}

void AcknowledgementCount::take_byte(std::uint64_t byte) noexcept {
  constexpr unsigned bits_max = 64;
  malformed_ = shift_ >= bits_max;
  if (malformed_) return;
  value_ |= (byte & 0x7FU) << shift_;
  shift_ += 7;
  if (byte < 0x80U) end_varint();
}

void AcknowledgementCount::end_varint() noexcept {
  const std::uint64_t value = value_;
  value_ = shift_ = 0;
  if (part_ == Part::number) return end_field();
  if (part_ == Part::size) return skip(value);
  tag_ = value;
  switch (value & 7U) {
    case varint: part_ = Part::number; return;
    case sized: part_ = Part::size; return;
    case fixed64: return skip(8);
    case fixed32: return skip(4);
    default: malformed_ = true;
  }
}

void AcknowledgementCount::skip(std::uint64_t size_bytes) noexcept {
  left_ = size_bytes;
  part_ = Part::content;
  if (left_ == 0) end_field();
}

void AcknowledgementCount::end_field() noexcept {
  if (tag_ == positions_tag) ++count_;
  part_ = Part::tag;
}

std::optional<std::uint64_t> AcknowledgementCount::positions() const noexcept {
  const bool whole = !malformed_ && part_ == Part::tag && shift_ == 0;
  return whole ? std::optional{count_} : std::nullopt;
}

std::optional<std::uint64_t> count_acknowledged(std::span<const std::byte> message) noexcept {
  AcknowledgementCount count;
  count.take(message);
  return count.positions();
}

}  // namespace cdc::conduit
