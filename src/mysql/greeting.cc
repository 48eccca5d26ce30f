#include "greeting.h"

#include <algorithm>

#include "cdc/base/reader.h"

namespace cdc::mysql {
namespace {

constexpr std::size_t greeting_bytes_max = 1024;  // version texts are short
constexpr std::uint8_t protocol_version = 10;
constexpr std::uint16_t capability_ssl = 0x800;

}  // namespace

Greeting read_greeting(std::span<const std::byte> bytes) noexcept {
  Reader packet{bytes};
  const std::uint32_t size_bytes = packet.u24();
  packet.u8();  // sequence number
  if (packet.failed()) return Greeting::incomplete;
  if (size_bytes > greeting_bytes_max) return Greeting::not_greeting;
  if (size_bytes > packet.remaining()) return Greeting::incomplete;
  Reader r = packet.sub(size_bytes);
  if (r.u8() != protocol_version) return Greeting::not_greeting;
  const auto version = r.rest();
  r.take(static_cast<std::size_t>(std::ranges::find(version, std::byte{0}) - version.begin()) + 1);
  r.u32();    // connection id
  r.take(9);  // first part of the scramble, filler
  const std::uint16_t capabilities = r.u16();
  if (r.failed()) return Greeting::not_greeting;
  return (capabilities & capability_ssl) != 0 ? Greeting::offers_tls : Greeting::plain;
}

}  // namespace cdc::mysql
