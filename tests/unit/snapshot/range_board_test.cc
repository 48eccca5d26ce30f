#include "cdc/snapshot/range_board.h"

#include <doctest/doctest.h>

#include <string>

namespace cdc::snapshot {
namespace {

const TableList tables{{"a", "z"}, {"b", "t"}, {"b.c", "d"}};

std::string shown(const SnapshotProgress& progress) {
  std::string out = progress.done.first + '/' + progress.done.second + ':';
  for (const SnapshotRange& range : progress.open) out += ' ' + range.table + '(' + range.next + ',' + range.high + ']';
  return out;
}

}  // namespace

TEST_CASE("ranges are shared out, the earliest table first, and shown until they are delivered") {
  RangeBoard board{tables, {"1", {}, {}}};
  CHECK(shown(board.progress()) == "/:");
  auto* const first = board.take();
  REQUIRE(first != nullptr);
  CHECK(board.may_get_more());
  board.divide(*first, "10");
  CHECK(shown(board.progress()) == "a/z: z(,10] z(10,]");
  auto* const second = board.take();
  REQUIRE(second != nullptr);
  CHECK(second->next == "10");
  board.keep(*second);
  CHECK_FALSE(board.may_get_more());
  board.advance(*first, "5");
  CHECK(shown(board.progress()) == "a/z: z(5,10] z(10,]");
  board.finish(*first);
  auto* const third = board.take();
  REQUIRE(third != nullptr);
  CHECK(third->table == 1);
  CHECK(shown(board.progress()) == "b/t: z(10,] t(,]");
  board.finish(*second);
  board.finish(*third);
  CHECK_FALSE(board.finished());
  auto* const last = board.take();
  REQUIRE(last != nullptr);
  CHECK(board.take() == nullptr);
  board.finish(*last);
  CHECK(board.finished());
  CHECK(shown(board.progress()) == "b.c/d:");
}

TEST_CASE("a board goes on where an earlier run came to") {
  const SnapshotProgress from{"1", {"b", "t"}, {{"a", "z", "3", "9"}, {"b", "gone", "", ""}, {"b.c", "d", "1", ""}}};
  RangeBoard board{tables, from};
  CHECK(shown(board.progress()) == "b/t: z(3,9]");
  auto* const open = board.take();
  REQUIRE(open != nullptr);
  CHECK(open->table == 0);
  auto* const next = board.take();
  REQUIRE(next != nullptr);
  CHECK(next->table == 2);
}

TEST_CASE("a table that is gone, or new before the last one begun, does not shift the others") {
  RangeBoard board{tables, {"1", {"a", "zz"}, {}}};
  auto* const next = board.take();
  REQUIRE(next != nullptr);
  CHECK(next->table == 1);
  RangeBoard all{tables, {"1", {"c", "c"}, {}}};
  CHECK(all.finished());
}

}  // namespace cdc::snapshot
