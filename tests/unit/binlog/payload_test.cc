#include <doctest/doctest.h>
#include <zstd.h>

#include <optional>
#include <random>

#include "cdc/base/error.h"
#include "cdc/binlog/payload_reader.h"
#include "event_bytes.h"

namespace cdc::binlog {
namespace {

using Bytes = std::vector<std::byte>;

// MySQL 9.7.4: SET SESSION binlog_transaction_compression=ON; with binlog_rows_query_log_events=ON
//   INSERT INTO shop.t VALUES (4,REPEAT('x',200)),(5,REPEAT('y',200)),(6,REPEAT('z',200));
constexpr std::string_view insert_97 =
    "8736036b280100000007010000a302000000000201000303fc86030101e40028b52ffd608602d5060042ca26307049d41848555555abaaaa557544c3"
    "292e68029110a0089694bff4022c9a1168477033ec7104feffffb239feb6e54e01ffbf630008b8fc35f6c6f895ebbe47d622e09a21f71857ce7dc8bd"
    "8b2b4789279880d467f04410344d0391e3398f5651068a4505cfcc688342e5303b018a09086e2e689735358c6697f51511cd26a9f0b212e8c157c975"
    "694979e838b9d08b67bc999919e18fbb492a0c1a008010043f128111716252d336224e426a5a8c88a3141004cc5a5d8b86e55884032960c7061b201f"
    "280c1431370b40328d6098c51e680de83c002fe47b2b4d";

Bytes event_of(EventType type, std::size_t size_bytes, std::byte fill = std::byte{'x'}) {
  Bytes out(size_bytes, fill);
  std::fill_n(out.begin(), EventHeader::wire_size_bytes, std::byte{0});
  out[4] = static_cast<std::byte>(type);
  for (std::size_t i = 0; i < 4; ++i) out[9 + i] = static_cast<std::byte>(size_bytes >> 8 * i);
  return out;
}

void append(Bytes& out, std::span<const std::byte> more) { out.insert(out.end(), more.begin(), more.end()); }

Bytes compressed(std::span<const std::byte> plain, int level = 1, int window_log = 0) {
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context{ZSTD_createCCtx(), ZSTD_freeCCtx};
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, window_log);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
  Bytes out(ZSTD_compressBound(plain.size()));
  out.resize(ZSTD_compress2(context.get(), out.data(), out.size(), plain.data(), plain.size()));
  return out;
}

void append_lenenc(Bytes& out, std::uint64_t value) {
  out.push_back(std::byte{0xfe});
  for (int i = 0; i < 8; ++i) out.push_back(static_cast<std::byte>(value >> 8 * i));
}

void append_field(Bytes& out, int type, std::uint64_t value) {
  append(out, ExactBytes{type, 9});
  append_lenenc(out, value);
}

/// A TRANSACTION_PAYLOAD body.
Bytes payload_of(std::span<const std::byte> packed, std::optional<std::uint64_t> declared, std::uint64_t compression = 0) {
  Bytes out;
  append_field(out, 2, compression);
  if (declared) append_field(out, 3, *declared);
  append_field(out, 1, packed.size());
  out.push_back(std::byte{0});
  append(out, packed);
  return out;
}

std::vector<Bytes> events_in(PayloadReader& reader, std::span<const std::byte> body) {
  const ExactBytes exact{body};
  std::vector<Bytes> out;
  reader.open(Reader{exact});
  for (auto event = reader.next(); !event.empty(); event = reader.next()) out.emplace_back(event.begin(), event.end());
  CHECK(reader.next().empty());
  return out;
}

std::optional<ErrorCode> error_of(std::span<const std::byte> body) {
  PayloadReader reader;
  try {
    events_in(reader, body);
  } catch (const Error& error) {
    CHECK(!error.cure().empty());
    return error.code();
  }
  return std::nullopt;
}

TEST_CASE("a transaction from a server") {
  const TestEvent event{insert_97};
  PayloadReader reader;
  const auto events = events_in(reader, event.body_bytes);
  std::vector<int> types;
  for (const Bytes& inner : events) {
    Reader r{inner};
    const EventHeader header = EventHeader::parse(r);
    CHECK(header.size_bytes == inner.size());
    types.push_back(static_cast<int>(header.type));
  }
  CHECK(types == std::vector<int>{2, 29, 19, 30, 16});
  CHECK(events_in(reader, event.body_bytes) == events);  // the reader starts afresh
}

TEST_CASE("every truncation of a transaction, and a byte behind it, is malformed") {
  const TestEvent event{insert_97};
  PayloadReader reader;
  const auto accepts = [&](Reader body) {
    try {
      reader.open(body);
      while (!reader.next().empty()) {
      }
      return true;
    } catch (const Error& error) {
      CHECK((error.code() == ErrorCode::payload_malformed || error.code() == ErrorCode::event_unsupported));
      return false;
    }
  };
  CHECK(accepted_sizes(event.body_bytes, accepts) == Sizes{event.body_bytes.size()});
}

TEST_CASE("every changed byte of a transaction ends in events or an error") {
  const TestEvent event{insert_97};
  PayloadReader reader;
  int refused = 0;
  for (std::size_t at = 0; at < event.body_bytes.size(); ++at)
    for (const int flip : {0x01, 0x80, 0xff}) {
      Bytes changed = event.body_bytes;
      changed[at] ^= static_cast<std::byte>(flip);
      try {
        events_in(reader, changed);
      } catch (const Error&) {
        ++refused;
      }
    }
  CHECK(refused > 300);
}

TEST_CASE("events of all sizes come out as they went in") {
  std::mt19937 random{11};
  Bytes plain;
  std::vector<Bytes> expected;
  for (int i = 0; i < 400; ++i) {
    const std::size_t size_bytes = i % 100 == 99 ? 700'000 + random() % 1000 : 19 + random() % 3000;
    Bytes event = event_of(EventType::write_rows, size_bytes);
    for (std::size_t at = 19; at < event.size(); ++at) event[at] = static_cast<std::byte>(random() % 7);
    append(plain, event);
    expected.push_back(std::move(event));
  }
  PayloadReader reader;
  CHECK(events_in(reader, payload_of(compressed(plain), plain.size())) == expected);
  CHECK(events_in(reader, payload_of(compressed(plain, 9), std::nullopt)) == expected);
  CHECK(events_in(reader, payload_of(plain, std::nullopt, 255)) == expected);
  Bytes frames;  // several zstd frames, cut where no event ends
  for (std::size_t at = 0; at < plain.size(); at += 100'001)
    append(frames, compressed(std::span{plain}.subspan(at, std::min<std::size_t>(100'001, plain.size() - at))));
  CHECK(events_in(reader, payload_of(frames, plain.size())) == expected);
}

TEST_CASE("one event larger than any buffer kept, then small ones") {
  const Bytes large = event_of(EventType::write_rows, 9'000'000), small = event_of(EventType::xid, 27);
  Bytes plain = small;
  append(plain, large);
  append(plain, small);
  PayloadReader reader;
  const auto events = events_in(reader, payload_of(compressed(plain), plain.size()));
  REQUIRE(events.size() == 3);
  CHECK(events[1] == large);
  CHECK(events_in(reader, payload_of(compressed(small), small.size())) == std::vector<Bytes>{small});
}

TEST_CASE("payloads that are none are refused by name") {
  const Bytes good = event_of(EventType::xid, 27), nested = event_of(EventType::transaction_payload, 100);
  Bytes short_size = good, huge = good, far_too_large = good, unknown_field;
  short_size[9] = std::byte{18};
  huge[11] = std::byte{0x10};           // 1 MiB that does not follow
  far_too_large[12] = std::byte{0x41};  // beyond 1 GiB
  append_field(unknown_field, 9, 1);
  append(unknown_field, payload_of(compressed(good), good.size()));
  Bytes tail = good;
  tail.push_back(std::byte{1});
  const auto packed = [](const Bytes& plain) { return payload_of(compressed(plain), plain.size()); };
  struct Case {
    const char* name;
    Bytes body;
    std::optional<ErrorCode> code;
  };
  const Case cases[] = {
      {"good", packed(good), std::nullopt},
      {"good, no size declared", payload_of(compressed(good), std::nullopt), std::nullopt},
      {"unknown fields are stepped over", unknown_field, std::nullopt},
      {"nothing inside", packed({}), std::nullopt},
      {"nothing at all, stored", payload_of({}, std::nullopt, 255), std::nullopt},
      {"no body", {}, ErrorCode::payload_malformed},
      {"no payload size", from_hex("020100 00"), ErrorCode::payload_malformed},
      {"payload size beyond the event", from_hex("020100 0109feffffffffffffffff 00 28b52ffd"), ErrorCode::payload_malformed},
      {"field beyond the event", from_hex("02feffffffffffffffff00"), ErrorCode::payload_malformed},
      {"unknown compression", payload_of(good, good.size(), 7), ErrorCode::event_unsupported},
      {"not zstd", payload_of(good, good.size()), ErrorCode::payload_malformed},
      {"empty zstd", payload_of({}, 27), ErrorCode::payload_malformed},
      {"declares less", payload_of(compressed(good), 26), ErrorCode::payload_malformed},
      {"declares more", payload_of(compressed(good), 28), ErrorCode::payload_malformed},
      {"holds another payload", packed(nested), ErrorCode::payload_malformed},
      {"stored: holds another payload", payload_of(nested, std::nullopt, 255), ErrorCode::payload_malformed},
      {"event size below its header", packed(short_size), ErrorCode::payload_malformed},
      {"event size beyond the payload", packed(huge), ErrorCode::payload_malformed},
      {"stored: event size beyond the payload", payload_of(huge, std::nullopt, 255), ErrorCode::payload_malformed},
      {"event size beyond any event", packed(far_too_large), ErrorCode::payload_too_large},
      {"bytes behind the last event", packed(tail), ErrorCode::payload_malformed},
      {"stored: bytes behind the last event", payload_of(tail, std::nullopt, 255), ErrorCode::payload_malformed},
      {"largest window a server can be set to", payload_of(compressed(good, 1, 27), good.size()), std::nullopt},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK((error_of(c.body) == c.code));
  }
  // A frame that claims a window of 2^31 bytes: magic, descriptor, window byte (31 - 10) << 3, an empty last block.
  const Bytes window = from_hex("28b52ffd 00 a8 010000");
  CHECK((error_of(payload_of(window, 0)) == ErrorCode::payload_too_large));
}

TEST_CASE("a bomb is stopped by the size it declares") {
  const Bytes zeros(16 << 20, std::byte{0});  // unfolds from a few kilobytes
  Bytes first = event_of(EventType::write_rows, 27);
  first[12] = std::byte{0x01};  // claims 16 MiB
  append(first, zeros);
  CHECK((error_of(payload_of(compressed(first), 1000)) == ErrorCode::payload_malformed));
}

}  // namespace
}  // namespace cdc::binlog
