#include <doctest/doctest.h>

#include "engines.h"
#include "table_lock.h"

namespace cdc::snapshot {
namespace {

using std::chrono::milliseconds;

TEST_CASE("a lock names every table, quoted") {
  const TableName tables[] = {{"d", "t"}, {"a-b", "select"}, {"x", "a`b"}};
  CHECK(lock_statement({tables, 1}) == "LOCK TABLES `d`.`t` READ");
  CHECK(lock_statement(tables) == "LOCK TABLES `d`.`t` READ, `a-b`.`select` READ, `x`.`a``b` READ");
}

TEST_CASE("the server's limit is whole seconds, never none") {
  CHECK(lock_wait_statement(milliseconds{1}) == "SET SESSION lock_wait_timeout = 1");
  CHECK(lock_wait_statement(milliseconds{5000}) == "SET SESSION lock_wait_timeout = 5");
  CHECK(lock_wait_statement(milliseconds{5001}) == "SET SESSION lock_wait_timeout = 6");
}

TEST_CASE("tables that no view covers are named with their engine, a few of many") {
  std::vector<UncoveredTable> tables;
  for (int i = 0; i < 7; ++i) tables.push_back({{"d", "t" + std::to_string(i)}, "MyISAM"});
  const std::string one = uncovered_error({tables.data(), 1}).what(), many = uncovered_error(tables).what();
  CHECK(one.find("MYC1803: ") == 0);
  CHECK(one.find("`d`.`t0` (MyISAM)\n") != one.npos);
  CHECK(one.find("ALTER TABLE `d`.`t0` ENGINE=InnoDB") != one.npos);
  CHECK(one.find("snapshot.lock=brief") != one.npos);
  CHECK(many.find("`d`.`t4` (MyISAM) and 2 more") != many.npos);
  CHECK(many.find("t5") == many.npos);
}

}  // namespace
}  // namespace cdc::snapshot
