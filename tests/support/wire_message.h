#pragma once

/// A protobuf message taken apart without its .proto: what the hand-written encoder is looked at with.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cdc::test {

struct WireField {
  unsigned number = 0;
  unsigned wire_type = 0;
  std::uint64_t varint = 0;  ///< Of wire type 0; the bits of a fixed one.
  std::string_view bytes;    ///< Of wire type 2.
};

/// Steps over a varint; false when it does not end or is longer than it need be.
inline bool take_varint(std::string_view& bytes, std::uint64_t& out) {
  out = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    out |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) return byte != 0 || shift == 0;
  }
  return false;
}

inline bool take_field(std::string_view& bytes, WireField& out) {
  std::uint64_t tag = 0;
  if (!take_varint(bytes, tag)) return false;
  out = {static_cast<unsigned>(tag >> 3), static_cast<unsigned>(tag & 7), 0, {}};
  if (out.wire_type == 0) return take_varint(bytes, out.varint);
  std::uint64_t size = 8;
  if (out.wire_type != 1 && (out.wire_type != 2 || !take_varint(bytes, size))) return false;
  if (size > bytes.size()) return false;
  out.bytes = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return true;
}

/// The fields in their order; nothing when the bytes are no message.
inline std::optional<std::vector<WireField>> parse_message(std::string_view bytes) {
  std::vector<WireField> out;
  while (!bytes.empty()) {
    if (!take_field(bytes, out.emplace_back())) return std::nullopt;
  }
  return out;
}

}  // namespace cdc::test
