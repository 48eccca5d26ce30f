#include "cdc/binlog/row_fragments.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cdc/base/error.h"
#include "exact_bytes.h"
#include "row_support.h"

namespace cdc::binlog {
namespace {

std::string piece(std::uint32_t total, std::uint32_t number, std::string_view chunk, std::uint64_t size_bytes = 0) {
  std::string out;
  put(out, total, 4);
  put(out, number, 4);
  put(out, size_bytes != 0 ? 1 : 0, 1);
  if (size_bytes != 0) put(out, size_bytes, 8);
  return out.append(chunk);
}

/// The events that `pieces` make, each in brackets; or the error that ends them.
std::string events_of(const std::vector<std::string>& pieces) {
  RowFragments fragments;
  std::string out;
  try {
    for (const std::string& each : pieces) {
      const ExactBytes body{each};
      const auto event = fragments.add(Reader{body});
      if (!event.empty()) out += '[' + std::string{reinterpret_cast<const char*>(event.data()), event.size()} + ']';
      CHECK((event.empty() || !fragments.open()));
    }
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::event_malformed);
    return out.append(error.message());
  }
  return fragments.open() ? out + "open" : out;
}

}  // namespace

TEST_CASE("pieces of rows events are put together") {
  const std::string next = "a piece of a rows event is not the one that must follow", malformed = "a piece of a rows event is malformed";
  struct Case {
    std::string name;
    std::vector<std::string> pieces;
    std::string events;
  };
  const Case cases[] = {
      {"one piece", {piece(1, 1, "abc", 3)}, "[abc]"},
      {"three pieces", {piece(3, 1, "ab", 5), piece(3, 2, "cd"), piece(3, 3, "e")}, "[abcde]"},
      {"without the size", {piece(2, 1, "ab"), piece(2, 2, "c")}, "[abc]"},
      {"two events", {piece(2, 1, "a", 2), piece(2, 2, "b"), piece(1, 1, "c", 1)}, "[ab][c]"},
      {"more to come", {piece(2, 1, "a", 2)}, "open"},
      {"an empty piece", {piece(2, 1, "", 2), piece(2, 2, "ab")}, "[ab]"},
      {"none", {piece(0, 0, "")}, malformed},
      {"flags that are not known", {std::string{"\1\0\0\0\1\0\0\0\2x", 10}}, malformed},
      {"the second first", {piece(2, 2, "b")}, next},
      {"the second missing", {piece(3, 1, "a", 3), piece(3, 3, "c")}, next},
      {"the first twice", {piece(2, 1, "a", 2), piece(2, 1, "a", 2)}, next},
      {"another total", {piece(2, 1, "a", 3), piece(3, 2, "b")}, next},
      {"a size in the second", {piece(2, 1, "a", 2), piece(2, 2, "b", 2)}, next},
      {"more than the whole", {piece(2, 1, "ab", 3), piece(2, 2, "cd")}, "the pieces of a rows event are larger than the whole"},
      {"less than the whole", {piece(2, 1, "ab", 5), piece(2, 2, "cd")}, "the pieces of a rows event are smaller than the whole"},
      {"a size of 2^63", {piece(1, 1, "ab", std::uint64_t{1} << 63)}, "the pieces of a rows event are smaller than the whole"},
      {"nothing in all", {piece(2, 1, ""), piece(2, 2, "")}, "the pieces of a rows event are empty"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(events_of(c.pieces) == c.events);
  }
  const std::string head = piece(1, 1, "", 1);
  for (std::size_t size = 0; size < head.size(); ++size) CHECK(events_of({head.substr(0, size)}) == malformed);
}

TEST_CASE("pieces that came are forgotten on request") {
  RowFragments fragments;
  const ExactBytes first{piece(2, 1, "a", 2)}, only{piece(1, 1, "b", 1)};
  CHECK(fragments.add(Reader{first}).empty());
  CHECK(fragments.open());
  fragments.clear();
  CHECK_FALSE(fragments.open());
  CHECK(fragments.add(Reader{only}).size() == 1);
}

}  // namespace cdc::binlog
