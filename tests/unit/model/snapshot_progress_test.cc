#include "cdc/model/snapshot_progress.h"

#include <doctest/doctest.h>

#include <string>

#include "cdc/base/error.h"
#include "cdc/model/position.h"

namespace cdc {
namespace {

BinlogPosition position_with(SnapshotProgress progress) {
  BinlogPosition out;
  out.gtid = "0-1-7";
  out.file = "b.1";
  out.at = 4;
  out.n = 9;
  out.rules = "89abcdef";
  out.snap = std::move(progress);
  return out;
}

std::string text_with(const std::string& snap) {
  return R"({"v":1,"engine":"binlog","gtid":"0-1-7","file":"b.1","at":4,"snap":)" + snap + R"(,"n":9,"rules":"89abcdef"})";
}

std::string refusal(const std::string& text) {
  try {
    parse_position(text);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::position_invalid);
    return std::string{error.message()};
  }
  return {};
}

const char* const full_snap =
    R"({"id":"0f3a","done":["shop","a.b"],"cur":[["shop","a.b","AAECAw==","/w=="],["shop","ord\"ers",null,null]]})";

}  // namespace

TEST_CASE("a snapshot's progress as text") {
  struct Case {
    std::string name;
    SnapshotProgress progress;
    std::string text;
  };
  const Case cases[] = {
      {"nothing begun", {"0f3a", {}, {}}, R"({"id":"0f3a"})"},
      {"tables done", {"0f3a", {"shop", "orders"}, {}}, R"({"id":"0f3a","done":["shop","orders"]})"},
      {"open ranges, odd names, every bound",
       {"0f3a", {"shop", "a.b"}, {{"shop", "a.b", std::string("\0\1\2\3", 4), "\xff"}, {"shop", "ord\"ers", "", ""}}},
       full_snap},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const BinlogPosition position = position_with(c.progress);
    CHECK(to_text(position) == text_with(c.text));
    CHECK((parse_position(text_with(c.text)) == Position{position}));
  }
}

TEST_CASE("the stream's position after a snapshot's shows nothing of it") {
  PositionText text;
  BinlogPosition position = position_with({"0f3a", {"shop", "orders"}, {}});
  text.render(position);
  position.snap.reset();
  text.render(position);
  CHECK(text.before_n() + "9" + text.after_n() == to_text(position));
  CHECK(to_text(position).find("snap") == std::string::npos);
}

TEST_CASE("progress refused, with the reason") {
  struct Case {
    std::string name;
    std::string snap;
    std::string reason;
  };
  const Case cases[] = {
      {"no id", "{}", "no id"},
      {"an id that is no hex", R"({"id":"0F"})", "no id"},
      {"an id too long", R"({"id":"000000000000000000000000000000000"})", "no id"},
      {"a field twice", R"({"id":"0","id":"0"})", "id is there twice"},
      {"unknown field", R"({"id":"0","x":1})", "unknown field \"x\""},
      {"done without table", R"({"id":"0","done":["a"]})", "missing"},
      {"done with a third name", R"({"id":"0","done":["a","b","c"]})", "too many"},
      {"an empty name", R"({"id":"0","done":["","b"]})", "empty name"},
      {"a range before any table", R"({"id":"0","cur":[["a","b",null,null]]})", "without \"done\""},
      {"a range of three", R"({"id":"0","done":["a","b"],"cur":[["a","b",null]]})", "missing"},
      {"a range of five", R"({"id":"0","done":["a","b"],"cur":[["a","b",null,null,null]]})", "too many"},
      {"a key that is no base64", R"({"id":"0","done":["a","b"],"cur":[["a","b","A",null]]})", "base64"},
      {"a key with bits too many", R"({"id":"0","done":["a","b"],"cur":[["a","b","AB==",null]]})", "base64"},
      {"an empty key", R"({"id":"0","done":["a","b"],"cur":[["a","b","",null]]})", "base64"},
      {"a number as key", R"({"id":"0","done":["a","b"],"cur":[["a","b",1,null]]})", "not JSON"},
      {"an array", "[]", "not JSON"},
      {"null", "null", "not JSON"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const std::string message = refusal(text_with(c.snap));
    CAPTURE(message);
    CHECK(message.find(c.reason) != std::string::npos);
  }
}

TEST_CASE("every truncation of a position with progress is refused") {
  const std::string whole = text_with(full_snap);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    const std::string cut = whole.substr(0, size);
    CHECK_FALSE(refusal(cut).empty());
  }
}

}  // namespace cdc
