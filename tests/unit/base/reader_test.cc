#include "cdc/base/reader.h"

#include <doctest/doctest.h>

#include <string>

#include "exact_bytes.h"

namespace cdc {

TEST_CASE("integers of every width, low byte first and high byte first") {
  const ExactBytes bytes{0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0xf8};
  std::uint64_t little = 0, big = 0;
  for (std::size_t width = 1; width <= 8; ++width) {
    CAPTURE(width);
    const auto last = std::to_integer<std::uint64_t>(bytes.span()[width - 1]);
    little |= last << 8 * (width - 1);
    big = big << 8 | last;
    Reader r{bytes.span()};
    CHECK(r.uint_le(width) == little);
    CHECK(r.remaining() == 8 - width);
    Reader again{bytes.span()};
    CHECK(again.uint_be(width) == big);
    CHECK_FALSE(again.failed());
  }
  Reader r{bytes.span()};
  CHECK(r.u8() == 1);
  CHECK(r.u16() == 0x0302);
  CHECK(r.u32() == 0x07060504);
  CHECK(Reader{bytes.span()}.u24() == 0x030201);
  CHECK(Reader{bytes.span()}.u48() == 0x060504030201);
  CHECK(Reader{bytes.span()}.u64() == 0xf807060504030201);
}

TEST_CASE("an integer that does not fit is 0, latches and jumps to the end") {
  struct Case {
    std::string name;
    std::size_t width;
    std::uint64_t (*read)(Reader&);
  };
  const Case cases[] = {
      {"u8", 1, [](Reader& r) { return std::uint64_t{r.u8()}; }},
      {"u16", 2, [](Reader& r) { return std::uint64_t{r.u16()}; }},
      {"u24", 3, [](Reader& r) { return std::uint64_t{r.u24()}; }},
      {"u32", 4, [](Reader& r) { return std::uint64_t{r.u32()}; }},
      {"u48", 6, [](Reader& r) { return r.u48(); }},
      {"u64", 8, [](Reader& r) { return r.u64(); }},
      {"uint_be of five", 5, [](Reader& r) { return r.uint_be(5); }},
      {"uint_le of seven", 7, [](Reader& r) { return r.uint_le(7); }},
      {"lenenc of eight", 9, [](Reader& r) { return r.lenenc(); }},
  };
  const ExactBytes whole{0xfe, 1, 1, 1, 1, 1, 1, 1, 1};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    for (std::size_t size = 0; size <= c.width; ++size) {
      CAPTURE(size);
      const ExactBytes cut{whole.span().first(size)};
      Reader r{cut.span(), 100};
      CHECK((c.read(r) != 0) == (size == c.width));
      CHECK(r.failed() == (size < c.width));
      CHECK(r.remaining() == 0);
      if (r.failed()) CHECK(r.failed_at() >= 100);
    }
  }
}

TEST_CASE("length-encoded integers") {
  struct Case {
    std::string name;
    ExactBytes bytes;
    std::uint64_t value;
    bool ok;
  };
  const Case cases[] = {
      {"zero", {0}, 0, true},
      {"one byte, largest", {0xfa}, 250, true},
      {"NULL marker is no length", {0xfb}, 0, false},
      {"two bytes", {0xfc, 0x34, 0x12}, 0x1234, true},
      {"three bytes", {0xfd, 0x56, 0x34, 0x12}, 0x123456, true},
      {"eight bytes, largest", {0xfe, 255, 255, 255, 255, 255, 255, 255, 255}, ~std::uint64_t{0}, true},
      {"error marker is no length", {0xff}, 0, false},
      {"empty input", {}, 0, false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    Reader r{c.bytes.span()};
    CHECK(r.lenenc() == c.value);
    CHECK(r.failed() == !c.ok);
    CHECK(r.remaining() == 0);
  }
}

TEST_CASE("taking bytes") {
  const ExactBytes bytes{std::string_view{"abcdef"}};
  Reader r{bytes.span(), 10};
  CHECK(r.text(2) == "ab");
  CHECK(r.take(0).empty());
  CHECK(r.offset() == 12);
  CHECK(r.take(1).data() == bytes.span().data() + 2);
  CHECK(r.rest().size() == 3);
  CHECK_FALSE(r.failed());
  CHECK(r.take(4).empty());
  CHECK(r.failed());
  CHECK(r.failed_at() == 13);
  CHECK(r.remaining() == 0);
  CHECK(r.text(1).empty());
  CHECK(r.failed_at() == 13);
  CHECK(r.take(0).empty());
}

TEST_CASE("a length of 2^64 - 1 does not wrap") {
  const ExactBytes bytes{1, 2, 3};
  Reader r{bytes.span()};
  r.u8();
  CHECK(r.take(~std::uint64_t{0}).empty());
  CHECK(r.failed());
  Reader outer{bytes.span()};
  const Reader inner = outer.sub(~std::uint64_t{0} - 1);
  CHECK(inner.failed());
  CHECK(outer.failed());
}

TEST_CASE("a sub-reader cannot read into its neighbour, and keeps the offsets") {
  const ExactBytes bytes{std::string_view{"abcdef"}};
  Reader r{bytes.span(), 100};
  r.u8();
  Reader field = r.sub(2);
  CHECK(field.offset() == 101);
  CHECK(field.text(2) == "bc");
  CHECK(field.u8() == 0);
  CHECK(field.failed());
  CHECK(field.failed_at() == 103);
  CHECK_FALSE(r.failed());
  CHECK(r.text(3) == "def");
}

TEST_CASE("a reader over nothing") {
  Reader r;
  CHECK(r.remaining() == 0);
  CHECK_FALSE(r.failed());
  CHECK(r.u64() == 0);
  CHECK(r.failed());
}

TEST_CASE("the caller's own failure") {
  const ExactBytes bytes{1, 2, 3};
  Reader r{bytes.span()};
  r.u8();
  r.fail();
  CHECK(r.failed_at() == 1);
  CHECK(r.remaining() == 0);
}

}  // namespace cdc
