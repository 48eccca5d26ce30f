#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>

#include "cdc/base/numbers.h"

namespace cdc {
namespace {

template <class Float>
std::string text_of(Float value, char* (*write)(char*, Float) noexcept) {
  const auto room = std::make_unique<char[]>(float_text_max_bytes);
  return {room.get(), static_cast<std::size_t>(write(room.get(), value) - room.get())};
}

}  // namespace

TEST_CASE("doubles as Go's encoding/json writes them") {
  struct Case {
    std::string text;
    double value;
  };
  const Case cases[] = {
      {"0", 0x0p+00},
      {"-0", -0x0p+00},
      {"1", 0x1p+00},
      {"-1", -0x1p+00},
      {"0.1", 0x1.999999999999ap-04},
      {"-0.25", -0x1p-02},
      {"100", 0x1.9p+06},
      {"1234.56", 0x1.34a3d70a3d70ap+10},
      {"3.141592653589793", 0x1.921fb54442d18p+01},
      {"0.000001", 0x1.0c6f7a0b5ed8dp-20},
      {"9.99999e-7", 0x1.0c6f6873c557ap-20},
      {"1e-7", 0x1.ad7f29abcaf48p-24},
      {"1.5e-9", 0x1.9c511dc3a41dfp-30},
      {"100000000000000000000", 0x1.5af1d78b58c4p+66},
      {"1e+21", 0x1.b1ae4d6e2ef5p+69},
      {"1.2345e+21", 0x1.0bb084255aceep+70},
      {"123456789012345680000", 0x1.ac53a7e04bcdap+66},
      {"9007199254740991", 0x1.fffffffffffffp+52},
      {"9007199254740992", 0x1p+53},
      {"999999999.999999", 0x1.dcd64fffffff8p+29},
      {"999999999.9999999", 0x1.dcd64ffffffffp+29},
      {"1000000000.5", 0x1.dcd65004p+29},
      {"4.35", 0x1.1666666666666p+02},
      {"0.0000015", 0x1.92a737110e454p-20},
      {"5e-324", 0x1p-1074},
      {"2.2250738585072014e-308", 0x1p-1022},
      {"1.7976931348623157e+308", 0x1.fffffffffffffp+1023},
      {"-1.7976931348623157e+308", -0x1.fffffffffffffp+1023},
      {"1e+22", 0x1.0f0cf064dd592p+73},
      {"1e+23", 0x1.52d02c7e14af6p+76},
      {"0.30000000000000004", 0x1.3333333333334p-02},
      {"123456.7890125", 0x1.e240c9fcb923ap+16},
      {"1e+100", 0x1.249ad2594c37dp+332},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(text_of(c.value, write_double) == c.text);
  }
}

TEST_CASE("floats have the digits of 32 bits") {
  struct Case {
    std::string text;
    float value;
  };
  const Case cases[] = {
      {"0", 0x0p+00F},
      {"-0", -0x0p+00F},
      {"1", 0x1p+00F},
      {"0.1", 0x1.99999ap-04F},
      {"1.1", 0x1.19999ap+00F},
      {"16777216", 0x1p+24F},
      {"3.4028235e+38", 0x1.fffffep+127F},
      {"1e-45", 0x1p-149F},
      {"1.1754944e-38", 0x1p-126F},
      {"100000000000000000000", 0x1.5af1d8p+66F},
      {"1e+21", 0x1.b1ae4ep+69F},
      {"0.000001", 0x1.0c6f7ap-20F},
      {"1e-7", 0x1.ad7f2ap-24F},
      {"123.456", 0x1.edd2f2p+06F},
      {"-0.5", -0x1p-01F},
      {"33554432", 0x1p+25F},
      {"8388608", 0x1p+23F},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(text_of(c.value, write_float) == c.text);
  }
}

TEST_CASE("doubles inside JSON as MySQL 9.7 prints them") {
  struct Case {
    std::string text;
    double value;
  };
  const Case cases[] = {
      {"0.0", 0.0},
      {"-0.0", -0.0},
      {"1.0", 1.0},
      {"-100.25", -100.25},
      {"100000000000000.0", 1e14},
      {"999999999999999.0", 999999999999999.0},
      {"1e15", 1e15},
      {"-1e15", -1e15},
      {"1.234567890123456e15", 1234567890123456.0},
      {"999999999999999.9", 999999999999999.9},
      {"1234567890123456.8", 1234567890123456.75},
      {"-1039514241563211.8", -1039514241563211.8},
      {"9.007199254740992e15", 9007199254740992.0},
      {"1.8446744073709552e19", 18446744073709551616.0},
      {"0.00001", 1e-5},
      {"0.000000000000001", 1e-15},
      {"-0.0000000000000012345678901234568", -1.2345678901234568e-15},
      {"1e-16", 1e-16},
      {"9.87e-16", 9.87e-16},
      {"1e100", 1e100},
      {"5e-324", 5e-324},
      {"-1.7976931348623157e308", -1.7976931348623157e308},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(text_of(c.value, write_mysql_json_double) == c.text);
  }
}

TEST_CASE("random doubles and floats read back as the same bits") {
  std::mt19937_64 random{1};  // NOLINT: the same numbers in every run
  std::size_t wrong_count = 0;
  for (unsigned i = 0; i < 50'000; ++i) {
    const auto bits = random();
    const auto decimal = static_cast<double>(random() % 1'000'000'000'000) / std::pow(10, random() % 12);
    for (const double value : {std::bit_cast<double>(bits), decimal, -decimal}) {
      if (!std::isfinite(value)) continue;
      wrong_count += std::strtod(text_of(value, write_double).c_str(), nullptr) != value;
      wrong_count += std::strtod(text_of(value, write_mysql_json_double).c_str(), nullptr) != value;
    }
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    if (std::isfinite(value)) wrong_count += std::strtof(text_of(value, write_float).c_str(), nullptr) != value;
  }
  CHECK(wrong_count == 0);
}

TEST_CASE("numbers with few decimals have no digit too many") {
  std::size_t wrong_count = 0;
  for (unsigned cents = 1; cents < 100'000; cents += 7) {
    if (cents % 10 == 0) continue;
    const std::string fraction = std::to_string(cents % 100);
    const std::string text = std::to_string(cents / 100) + '.' + std::string(2 - fraction.size(), '0') + fraction;
    wrong_count += text_of(cents / 100.0, write_double) != text;
  }
  CHECK(wrong_count == 0);
}

}  // namespace cdc
