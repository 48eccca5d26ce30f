#include "status_text.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "cdc/base/utf8.h"

namespace cdc::conduit {
namespace {

TEST_CASE("code, what and cure in one text") {
  CHECK(status_text(Error{ErrorCode::binlog_purged, Remedy::operate, "gone", "take a snapshot"}) ==
        "MYC1203: gone (cure: take a snapshot)");
  CHECK(status_text(Error{ErrorCode::event_malformed, Remedy::fix, "odd"}) == "MYC1300: odd");
}

TEST_CASE("never empty, never what the host takes for its own cancellation") {
  CHECK(status_text(std::runtime_error{"context canceled"}) != "context canceled");
  CHECK_FALSE(status_text(std::runtime_error{""}).empty());
}

TEST_CASE("any bytes become a text that fits into a header") {
  std::string longest;
  while (longest.size() < 100'000) longest += "ö";
  for (const std::string& what : {std::string{"\xFF\xFE"}, std::string{"x"} + longest, longest, std::string(10'000, '\x80')}) {
    const std::string text = status_text(Error{ErrorCode::usage, Remedy::operate, what});
    CHECK(is_valid_utf8(text));
    CHECK(text.size() <= 4'200);
  }
}

}  // namespace
}  // namespace cdc::conduit
