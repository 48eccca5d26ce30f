#include <doctest/doctest.h>
#include <libdeflate.h>

#include <memory>

#include "cdc/binlog/inflater.h"
#include "event_bytes.h"

namespace cdc::binlog {
namespace {

using Bytes = std::vector<std::byte>;

// MariaDB 10.11, log_bin_compress=ON: rows of INSERT INTO shop.t VALUES (1,REPEAT('x',200)),(2,REPEAT('y',200)).
constexpr std::string_view two_rows = "82019c789cfbc3c8c0c070a26298803f4c20df540e130000a3e4bfd4";

/// As MariaDB writes it, the size in `width` bytes.
Bytes packed(const Bytes& plain, std::uint64_t declared, unsigned width) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor{libdeflate_alloc_compressor(1),
                                                                                            libdeflate_free_compressor};
  Bytes out{static_cast<std::byte>(0x80 | width)};
  for (unsigned i = width; i-- > 0;) out.push_back(static_cast<std::byte>(declared >> 8 * i));
  const std::size_t head = out.size();
  out.resize(head + libdeflate_zlib_compress_bound(compressor.get(), plain.size()));
  out.resize(head + libdeflate_zlib_compress(compressor.get(), plain.data(), plain.size(), out.data() + head, out.size() - head));
  return out;
}

TEST_CASE("rows from a server") {
  const ExactBytes bytes{from_hex(two_rows)};
  Inflater inflater;
  const auto plain = inflater.inflate(bytes);
  REQUIRE(plain.has_value());
  CHECK(plain->size() == 412);
  CHECK((*plain)[0] == std::byte{0xfc});  // no NULL in two columns
  CHECK((*plain)[5] == std::byte{200});
  CHECK((*plain)[6] == std::byte{'x'});
  CHECK(plain->back() == std::byte{'y'});
  Bytes body{bytes.span().begin(), bytes.span().end()};
  const auto accepts = [&](Reader cut) { return inflater.inflate(cut.rest()).has_value(); };
  CHECK(accepted_sizes(body, accepts) == Sizes{body.size()});
}

TEST_CASE("sizes of every width, and memory that grows and shrinks") {
  Inflater inflater;
  for (const std::size_t size_bytes : Sizes{0, 1, 255, 70'000, 5'000'000, 3, 2'000'000, 0, 200}) {
    Bytes plain(size_bytes, std::byte{'a'});
    for (std::size_t i = 0; i < plain.size(); i += 3) plain[i] = static_cast<std::byte>(i * 7);
    for (unsigned width = 1; width <= 4; ++width) {
      if (size_bytes >> 8 * width != 0) continue;
      CAPTURE(size_bytes);
      CAPTURE(width);
      const auto out = inflater.inflate(ExactBytes{packed(plain, size_bytes, width)});
      REQUIRE(out.has_value());
      CHECK(std::ranges::equal(*out, plain));
    }
  }
}

TEST_CASE("what is malformed or claims too much is refused") {
  const Bytes plain(1000, std::byte{'a'});
  const Bytes good = packed(plain, plain.size(), 2);
  Bytes algorithm = good, reserved = good, no_mark = good, checksum = good;
  algorithm[0] = std::byte{0x92};
  reserved[0] = std::byte{0x8a};
  no_mark[0] = std::byte{0x02};
  checksum.back() ^= std::byte{1};
  struct Case {
    const char* name;
    Bytes bytes;
    bool ok;
  };
  const Case cases[] = {
      {"good", good, true},
      {"empty", {}, false},
      {"unknown algorithm", algorithm, false},
      {"reserved bit", reserved, false},
      {"no mark", no_mark, false},
      {"size in no bytes", packed(plain, 0, 0), false},
      {"size in five bytes", packed(plain, 1000, 5), false},
      {"size cut", {std::byte{0x84}, std::byte{0}, std::byte{0}}, false},
      {"declares one less", packed(plain, 999, 2), false},
      {"declares one more", packed(plain, 1001, 2), false},
      {"wrong checksum", checksum, false},
      {"no stream", from_hex("820001"), false},
      {"1 GiB of a few bytes: more than DEFLATE can make of them", packed(plain, 1 << 30, 4), false},
      {"beyond 1 GiB", packed(plain, 0xffffffff, 4), false},
  };
  Inflater inflater;
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(inflater.inflate(ExactBytes{c.bytes}).has_value() == c.ok);
  }
}

TEST_CASE("the best that DEFLATE can do is within the limit") {
  const Bytes zeros(20 << 20, std::byte{0});
  Inflater inflater;
  const Bytes bytes = packed(zeros, zeros.size(), 4);
  CHECK(zeros.size() / bytes.size() > 850);
  const auto out = inflater.inflate(bytes);
  REQUIRE(out.has_value());
  CHECK(out->size() == zeros.size());
}

}  // namespace
}  // namespace cdc::binlog
