#include "cdc/model/decimal.h"

#include <doctest/doctest.h>

#include <memory>
#include <random>
#include <string>

#include "decimal_vectors.h"
#include "exact_bytes.h"
#include "hex.h"

namespace cdc {
namespace {

const std::string refused = "refused";

std::string text_of(const ExactBytes& packed, unsigned precision, unsigned scale) {
  const auto room = std::make_unique<char[]>(decimal_text_max_bytes);
  const char* const end = write_decimal(room.get(), packed, precision, scale);
  return end == nullptr ? refused : std::string{room.get(), static_cast<std::size_t>(end - room.get())};
}

std::string json_text_of(const ExactBytes& packed, unsigned precision, unsigned scale) {
  const auto room = std::make_unique<char[]>(json_decimal_text_max_bytes);
  const char* const end = write_json_decimal(room.get(), packed, precision, scale);
  return end == nullptr ? refused : std::string{room.get(), static_cast<std::size_t>(end - room.get())};
}

std::string packed_of(const std::string& text, unsigned precision, unsigned scale) {
  const ExactBytes exact{text};
  const std::size_t size_bytes = decimal_size_bytes(precision, scale);
  const auto room = std::make_unique<std::byte[]>(size_bytes);
  const std::string_view in{reinterpret_cast<const char*>(exact.span().data()), exact.size()};
  return pack_decimal(room.get(), in, precision, scale) ? std::string{reinterpret_cast<const char*>(room.get()), size_bytes} : refused;
}

std::string packed_group(const std::string& digits) {
  constexpr std::size_t sizes[] = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};
  const unsigned long value = digits.empty() ? 0 : std::stoul(digits);
  std::string out;
  for (std::size_t i = sizes[digits.size()]; i-- > 0;) out += static_cast<char>(value >> 8 * i);
  return out;
}

/// The packed form by the format's words, from all digits of both parts.
std::string packed(bool negative, const std::string& whole, const std::string& fraction) {
  std::string out = packed_group(whole.substr(0, whole.size() % 9));
  for (std::size_t at = whole.size() % 9; at < whole.size(); at += 9) out += packed_group(whole.substr(at, 9));
  for (std::size_t at = 0; at < fraction.size(); at += 9) out += packed_group(fraction.substr(at, 9));
  if (negative) {
    for (char& c : out) c = static_cast<char>(~c);
  }
  out[0] = static_cast<char>(out[0] ^ '\x80');
  return out;
}

}  // namespace

TEST_CASE("decimals print as the server prints them") {
  for (const DecimalVector& v : decimal_vectors) {
    CAPTURE(v.text);
    CAPTURE(v.precision);
    CAPTURE(v.scale);
    const ExactBytes bytes = from_hex(v.hex);
    CHECK(decimal_size_bytes(v.precision, v.scale) == bytes.size());
    CHECK(text_of(bytes, v.precision, v.scale) == v.text);
    CHECK(json_text_of(bytes, v.precision, v.scale) == v.text);
  }
}

TEST_CASE("what the server prints packs to what it logs") {
  for (const DecimalVector& v : decimal_vectors) {
    CAPTURE(v.text);
    CAPTURE(v.precision);
    CAPTURE(v.scale);
    CHECK(packed_of(v.text, v.precision, v.scale) == unhex(v.hex));
    CHECK(packed_of(v.text + (v.scale == 0 ? '.' : '0'), v.precision, v.scale) == refused);
    for (std::size_t size = 0; size < v.text.size(); ++size) {
      const bool shorter_number = v.scale == 0 && size != 0 && v.text.substr(0, size) != "-";
      if (!shorter_number) CHECK(packed_of(v.text.substr(0, size), v.precision, v.scale) == refused);
    }
  }
}

TEST_CASE("texts that are no decimal of the shape do not pack") {
  struct Case {
    std::string name, text;
    unsigned precision, scale;
  };
  const Case cases[] = {
      {"nothing", "", 4, 2},
      {"a sign alone", "-", 4, 2},
      {"no digit before the point", ".00", 4, 2},
      {"two points", "1.2.3", 4, 2},
      {"a letter", "1a.00", 4, 2},
      {"a letter behind the point", "1.0a", 4, 2},
      {"two signs", "--1.00", 4, 2},
      {"plus", "+1.00", 4, 2},
      {"a digit too many", "123.00", 4, 2},
      {"a blank", " 1.00", 4, 2},
      {"exponent", "1e1", 4, 0},
      {"a shape that cannot be", "1.00", 1, 2},
      {"no precision", "0", 0, 0},
      {"scale beyond 30", "0.0", 65, 31},
      {"a point behind a whole number", "1.", 4, 0},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(packed_of(c.text, c.precision, c.scale) == refused);
  }
  CHECK(packed_of("0007.50", 4, 2) == unhex("8732"));  // ZEROFILL
}

TEST_CASE("a decimal of another size than its shape's is refused") {
  for (const DecimalVector& v : decimal_vectors) {
    CAPTURE(v.text);
    const ExactBytes whole = from_hex(v.hex);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CHECK(text_of(ExactBytes{whole.span().first(size)}, v.precision, v.scale) == refused);
    }
    CHECK(text_of(from_hex(v.hex + "00"), v.precision, v.scale) == refused);
  }
}

namespace {

void check_random_decimal(std::mt19937& random, unsigned precision, unsigned scale) {
  CAPTURE(precision);
  CAPTURE(scale);
  std::string digits;
  const auto zeros = random() % (precision + 1);
  while (digits.size() < precision) digits += digits.size() < zeros ? '0' : static_cast<char>('0' + random() % 10);
  const std::string whole = digits.substr(0, precision - scale), fraction = digits.substr(precision - scale);
  const bool negative = random() % 2 == 0;
  const auto first = whole.find_first_not_of('0');
  std::string text{negative ? "-" : ""};
  text += first == std::string::npos ? "0" : whole.substr(first);
  if (scale != 0) text.append(".").append(fraction);
  CHECK(text_of(ExactBytes{packed(negative, whole, fraction)}, precision, scale) == text);
  CHECK(packed_of(text, precision, scale) == packed(negative, whole, fraction));
}

}  // namespace

TEST_CASE("random decimals of every shape") {
  constexpr unsigned rounds = 10;
  std::mt19937 random{1};  // NOLINT: the same numbers in every run
  for (unsigned precision = 1; precision <= decimal_precision_max; ++precision) {
    for (unsigned scale = 0; scale <= std::min(precision, decimal_scale_max); ++scale) {
      for (unsigned round = 0; round < rounds; ++round) check_random_decimal(random, precision, scale);
    }
  }
}

TEST_CASE("decimals that no server writes") {
  struct Case {
    std::string name;
    std::string hex;
    unsigned precision, scale;
  };
  const Case cases[] = {
      {"no digits", "80", 0, 0},
      {"no bytes", "", 9, 0},
      {"scale beyond the precision", "80", 1, 2},
      {"scale beyond 30", "80000000000000000000000000000000", 32, 31},
      {"precision beyond 65", "800000000000000000000000000000000000000000000000000000000000", 66, 0},
      {"precision of the largest byte", "80", 255, 0},
      {"whole group of a billion", "bb9aca00", 9, 0},
      {"whole group, all bits", "ffffffff", 9, 0},
      {"negative whole group of a billion", "446535ff", 9, 0},
      {"second group of a billion", "810000000080000000", 18, 0},
      {"leftover of 10 in one digit", "8a", 1, 0},
      {"leftover of 100 in two digits", "e4", 2, 0},
      {"leftover of 1000 in three digits", "83e8", 3, 0},
      {"leftover of 100,000,000 in eight digits", "85f5e100", 8, 0},
      {"every group of a shape that fills the room", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", 65, 30},
      {"the same below zero", "000000000000000000000000000000000000000000000000000000000000", 65, 30},
      {"fraction of 100 in two digits", "8064", 3, 2},
      {"fraction group of a billion", "803b9aca00", 10, 9},
      {"short, first group of 10 in one digit", "8a0000000000", 10, 0},
      {"short, second group of a billion", "80003b9aca0000", 15, 2},
      {"short, fraction of 100", "80000000000064", 15, 2},
      {"short and negative, fraction of 100", "7fffffffffff9b", 15, 2},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(text_of(from_hex(c.hex), c.precision, c.scale) == refused);
    if (c.precision != 66) CHECK(json_text_of(from_hex(c.hex), c.precision, c.scale) == refused);
  }
}

TEST_CASE("inside JSON the integer part may be wider than a column's") {
  const std::string nines(51, '9'), zeros(30, '0'), fraction(30, '8');
  CHECK(json_text_of(ExactBytes{packed(true, nines, fraction)}, 81, 30) == "-" + nines + "." + fraction);
  CHECK(json_text_of(ExactBytes{packed(false, nines + zeros, "")}, 81, 0) == nines + zeros);
  CHECK(text_of(ExactBytes{packed(false, nines + zeros, "")}, 81, 0) == refused);
  CHECK(json_text_of(ExactBytes{packed(false, nines + zeros + "0", "")}, 82, 0) == refused);
}

TEST_CASE("shapes without a size") {
  CHECK(decimal_size_bytes(0, 0) == 0);
  CHECK(decimal_size_bytes(66, 0) == 0);
  CHECK(decimal_size_bytes(65, 31) == 0);
  CHECK(decimal_size_bytes(5, 6) == 0);
  CHECK(decimal_size_bytes(~0U, ~0U) == 0);
  CHECK(decimal_size_bytes(65, 30) == 30);
}

}  // namespace cdc
