#include "json_head.h"

#include <doctest/doctest.h>

namespace cdc::cli {
namespace {

std::string base64(std::string_view text) {
  std::string out(base64_size(text.size()), '\0');
  write_base64(out.data(), text.data(), text.size());
  return out;
}

/// Into a block of exactly the room that is asked for.
std::string written(RecordHead& head, std::uint64_t n) {
  const std::unique_ptr<char[]> out{new char[head.size_max()]};
  return {out.get(), static_cast<std::size_t>(head.write(out.get(), n) - out.get())};
}

constexpr HeadParts parts{"<before>", true, "<after>", "<clock>", "<closing>"};

std::string expected(const BinlogPosition& position) {
  return "{\"position\":\"" + base64(to_text(position)) + "<before>" + std::to_string(position.n) + "<after><clock><closing>";
}

TEST_CASE("a head carries the base64 of the position's text, whatever its length") {
  RecordHead head;
  head.set_rest(parts);
  for (std::size_t length = 0; length <= 6; ++length) {
    for (const std::string rules : {"", "8", "89abcdef"}) {
      BinlogPosition position{"0-1-7", "0a1b2c3d", "binlog.00000" + std::string(length, '1'), 4, 0, rules};
      head.set_position(position);
      for (const std::uint64_t n : {0ULL, 1ULL, 9ULL, 10ULL, 99ULL, 100ULL, 999ULL, 1000ULL, 12345678901234567890ULL}) {
        position.n = n;
        CAPTURE(to_text(position));
        CHECK(written(head, n) == expected(position));
      }
    }
  }
}

TEST_CASE("records counted up, and numbers that jump") {
  for (const std::uint64_t start : {0ULL, 9'990ULL, 99'999'990ULL, 9'999'999'999'999'990ULL, 18'446'744'073'709'549'000ULL}) {
    RecordHead head;
    BinlogPosition position{"", "", "b", 4, 0, "89abcdef"};
    head.set_rest(parts);
    head.set_position(position);
    for (position.n = start; position.n <= start + 1100; ++position.n) REQUIRE(written(head, position.n) == expected(position));
    position.n = 5;
    CHECK(written(head, 5) == expected(position));
    CHECK(written(head, 5) == expected(position));
  }
}

TEST_CASE("without a number in the rest") {
  RecordHead head;
  head.set_rest({"<all>", false, {}, {}, {}});
  BinlogPosition position{"", "", "b", 4, 7, "89abcdef"};
  head.set_position(position);
  CHECK(written(head, 7) == "{\"position\":\"" + base64(to_text(position)) + "<all>");
}

TEST_CASE("a new rest and a new transaction take effect") {
  RecordHead head;
  head.set_rest(parts);
  BinlogPosition position{"0-1-7", "", "b", 4, 1, "89abcdef"};
  head.set_position(position);
  CHECK(written(head, 1) == expected(position));
  head.set_rest({"<b>", true, "<a>", {}, {}});
  CHECK(written(head, 2).ends_with("<b>2<a>"));
  head.set_rest(parts);
  position.gtid = "0-1-8";
  position.n = 3;
  head.set_position(position);
  CHECK(written(head, 3) == expected(position));
}

}  // namespace
}  // namespace cdc::cli
