#include "json_position.h"

#include <doctest/doctest.h>

#include "cdc/base/numbers.h"

namespace cdc::cli {
namespace {

std::string base64(std::string_view text) {
  std::string out(base64_size(text.size()), '\0');
  write_base64(out.data(), text.data(), text.size());
  return out;
}

std::string written(const RecordOpening& opening, std::uint64_t n) {
  const std::string digits = std::to_string(n);
  const std::unique_ptr<char[]> out{new char[opening.size_max()]};
  return {out.get(), static_cast<std::size_t>(opening.write(out.get(), digits) - out.get())};
}

TEST_CASE("the opening carries the base64 of the position's text, whatever its length") {
  RecordOpening opening;
  for (std::size_t length = 0; length <= 6; ++length) {
    for (const std::string rules : {"", "8", "89abcdef"}) {
      BinlogPosition position{"0-1-7", "0a1b2c3d", "binlog.00000" + std::string(length, '1'), 4, 0, rules};
      opening.set(position);
      for (const std::uint64_t n : {0ULL, 1ULL, 9ULL, 10ULL, 99ULL, 100ULL, 999ULL, 1000ULL, 12345678901234567890ULL}) {
        position.n = n;
        CAPTURE(to_text(position));
        CHECK(written(opening, n) == "{\"position\":\"" + base64(to_text(position)));
      }
    }
  }
}

TEST_CASE("a thousand records of one transaction") {
  RecordOpening opening;
  BinlogPosition position{"", "", "b", 4, 0, "89abcdef"};
  opening.set(position);
  for (position.n = 0; position.n <= 1000; ++position.n) {
    REQUIRE(written(opening, position.n) == "{\"position\":\"" + base64(to_text(position)));
  }
}

}  // namespace
}  // namespace cdc::cli
