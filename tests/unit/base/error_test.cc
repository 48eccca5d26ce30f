#include "cdc/base/error.h"

#include <doctest/doctest.h>

#include <string>

namespace cdc {

TEST_CASE("an error prints its code, its frames outermost first, and its cure") {
  Error error{ErrorCode::event_malformed, Remedy::fix, "read past the end at byte 31", "send us the file"};
  error.add_frame("`shop`.`orders`");
  error.add_frame("binlog.000004:1234");
  CHECK(error.code() == ErrorCode::event_malformed);
  CHECK(error.remedy() == Remedy::fix);
  CHECK(error.message() == "binlog.000004:1234: `shop`.`orders`: read past the end at byte 31");
  CHECK(error.cure() == "send us the file");
  CHECK(std::string{error.what()} ==
        "MYC1300: binlog.000004:1234: `shop`.`orders`: read past the end at byte 31\n  cure: send us the file");
}

TEST_CASE("an error without a cure is one line") {
  CHECK(std::string{Error(ErrorCode::usage, Remedy::operate, "no URL").what()} == "MYC1000: no URL");
}

TEST_CASE("a frame is rendered only when an error passes") {
  unsigned rendered_count = 0;
  const auto frame = [&] { return ++rendered_count, std::string{"outer"}; };
  CHECK(with_frame(frame, [] { return 7; }) == 7);
  CHECK(rendered_count == 0);
  try {
    with_frame(frame, []() -> int { throw Error{ErrorCode::usage, Remedy::operate, "inner"}; });
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.message() == "outer: inner");
  }
  CHECK(rendered_count == 1);
}

}  // namespace cdc
