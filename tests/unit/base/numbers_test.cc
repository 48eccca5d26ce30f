#include "cdc/base/numbers.h"

#include <doctest/doctest.h>

#include <memory>
#include <random>
#include <string>

namespace cdc {
namespace {

template <class Write>
std::string text_of(std::size_t room_bytes, Write write) {
  const auto room = std::make_unique<char[]>(room_bytes);
  return {room.get(), static_cast<std::size_t>(write(room.get()) - room.get())};
}

std::string uint_text(std::uint64_t value) {
  return text_of(integer_text_max_bytes, [&](char* out) { return write_uint(out, value); });
}
std::string int_text(std::int64_t value) {
  return text_of(integer_text_max_bytes, [&](char* out) { return write_int(out, value); });
}
std::string padded_text(std::uint32_t value, unsigned digits) {
  return text_of(digits, [&](char* out) { return write_padded(out, value, digits); });
}
std::string base64_text(const std::string& data) {
  return text_of(base64_size(data.size()), [&](char* out) { return write_base64(out, data.data(), data.size()); });
}

}  // namespace

TEST_CASE("integers around every power of ten and of two") {
  for (std::uint64_t power = 1; power != 0; power = power > ~std::uint64_t{0} / 10 ? 0 : power * 10) {
    for (const std::uint64_t value : {power - 1, power, power + 1, power * 5}) {
      CAPTURE(value);
      CHECK(uint_text(value) == std::to_string(value));
    }
  }
  for (unsigned shift = 0; shift < 64; ++shift) {
    const auto bit = std::uint64_t{1} << shift;
    for (const std::uint64_t value : {bit - 1, bit, 0 - bit}) {
      CAPTURE(value);
      CHECK(uint_text(value) == std::to_string(value));
      CHECK(int_text(static_cast<std::int64_t>(value)) == std::to_string(static_cast<std::int64_t>(value)));
    }
  }
}

TEST_CASE("random integers of every size") {
  std::mt19937_64 random{1};  // NOLINT: the same numbers in every run
  std::size_t wrong_count = 0;
  for (unsigned i = 0; i < 100'000; ++i) {
    const std::uint64_t value = random() >> i % 64;
    wrong_count += uint_text(value) != std::to_string(value);
  }
  CHECK(wrong_count == 0);
}

TEST_CASE("every number of four digits at each place of eight") {
  std::size_t wrong_count = 0;
  for (std::uint32_t quarter = 0; quarter < 10'000; ++quarter) {
    for (const std::uint32_t value : {quarter, quarter * 100, quarter * 10'000}) wrong_count += uint_text(value) != std::to_string(value);
  }
  CHECK(wrong_count == 0);
}

TEST_CASE("padded numbers write exactly the digits asked") {
  std::uint32_t largest = 0;
  for (unsigned digits = 1; digits <= 9; ++digits) {
    CAPTURE(digits);
    largest = largest * 10 + 9;
    for (const std::uint32_t value : {0U, 1U, 7U, largest / 2, largest - 1, largest}) {
      CAPTURE(value);
      const std::string plain = std::to_string(value);
      CHECK(padded_text(value, digits) == std::string(digits - std::min<std::size_t>(digits, plain.size()), '0') + plain);
    }
  }
}

TEST_CASE("pairs") {
  for (std::uint32_t value = 0; value < 100; ++value) {
    CHECK(text_of(2, [&](char* out) { return write_pair(out, value); }) == padded_text(value, 2));
  }
}

TEST_CASE("base64") {
  struct Case {
    std::string data, text;
  };
  const Case cases[] = {{"", ""},
                        {"f", "Zg=="},
                        {"fo", "Zm8="},
                        {"foo", "Zm9v"},
                        {"foob", "Zm9vYg=="},
                        {"fooba", "Zm9vYmE="},
                        {"foobar", "Zm9vYmFy"},
                        {std::string(3, '\0'), "AAAA"},
                        {"\xff\xff\xff", "////"},
                        {"\xfb\xef\xbe\xfb", "+++++w=="}};
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(base64_text(c.data) == c.text);
  }
}

TEST_CASE("base64 read back, or refused") {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    std::string out = "before";
    CHECK(append_from_base64(out, base64_text(bytes.substr(0, size))));
    CHECK(out == "before" + bytes.substr(0, size));
  }
  for (const std::string text : {"A", "AA", "AAA", "=", "====", "A===", "AB==", "AAB=", "AA=A", "AAA\n", "A-A=", "AA==AA=="}) {
    CAPTURE(text);
    std::string out = "before";
    CHECK_FALSE(append_from_base64(out, text));
    CHECK(out == "before");
  }
}

TEST_CASE("base64 of every byte value comes back") {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string data, back;
  for (unsigned i = 0; i < 768; ++i) data += static_cast<char>(i * 7 + i / 256);
  unsigned bits = 0, bit_count = 0;
  for (const char c : base64_text(data)) {
    bits = bits << 6 | static_cast<unsigned>(alphabet.find(c));
    bit_count += 6;
    if (bit_count >= 8) back += static_cast<char>(bits >> (bit_count -= 8));
  }
  CHECK(back == data);
}

TEST_CASE("hex") {
  const std::string data{"\x00\x01\x7f\x80\xab\xff", 6};
  CHECK(text_of(12, [&](char* out) { return write_hex(out, data.data(), data.size()); }) == "00017f80abff");
}

}  // namespace cdc
