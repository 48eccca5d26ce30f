// Contract under fuzz: no crash, no sanitizer report, no exception but cdc::Error; memory stays within what the bytes can unfold to;
// events out of a payload are the bytes that went in.
// Input: one byte that selects, then 0 the body of TRANSACTION_PAYLOAD, 1 events that are compressed first, 2 a compressed body of
// MariaDB.

#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/binlog/event.h"
#include "cdc/binlog/inflater.h"
#include "cdc/binlog/payload_reader.h"
#include "require.h"

namespace cdc::binlog {
namespace {

using Bytes = std::vector<std::byte>;

/// All events back to back; `whole` tells whether the payload ended without an error.
Bytes read_all(std::span<const std::byte> body, bool& whole) {
  Bytes out;
  PayloadReader reader;
  whole = false;
  try {
    reader.open(Reader{body});
    for (auto event = reader.next(); !event.empty(); event = reader.next()) {
      require(event.size() >= EventHeader::wire_size_bytes, "an event has a header");
      out.insert(out.end(), event.begin(), event.end());
    }
    whole = true;
  } catch (const Error&) {
  }
  return out;
}

void check_body(std::span<const std::byte> body) {
  bool whole = false;
  static_cast<void>(read_all(body, whole));
}

void append_field(Bytes& out, std::uint8_t type, std::uint64_t value) {
  out.insert(out.end(), {std::byte{type}, std::byte{9}, std::byte{0xfe}});
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<std::byte>(value >> 8 * i));
}

void check_events(std::span<const std::byte> plain) {
  Bytes packed(ZSTD_compressBound(plain.size()));
  packed.resize(ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), 1));
  Bytes body;
  append_field(body, 2, 0);
  append_field(body, 1, packed.size());
  body.push_back(std::byte{0});
  body.insert(body.end(), packed.begin(), packed.end());
  bool whole = false;
  const Bytes out = read_all(body, whole);
  require(out.size() <= plain.size() && std::ranges::equal(out, plain.first(out.size())), "events come out as they went in");
  require(!whole || out.size() == plain.size(), "a payload read to its end was read whole");
}

void check_inflate(std::span<const std::byte> packed) {
  Inflater inflater;
  const auto plain = inflater.inflate(packed);
  if (plain) require(plain->size() <= packed.size() * deflate_ratio_max, "no more comes out than DEFLATE can make");
}

constexpr void (*checks[])(std::span<const std::byte>) = {check_body, check_events, check_inflate};

}  // namespace
}  // namespace cdc::binlog

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  cdc::binlog::checks[data[0] % std::size(cdc::binlog::checks)](std::as_bytes(std::span{data + 1, size - 1}));
  return 0;
}
