#include <doctest/doctest.h>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

const Row a{1, "a"}, b{2, "b"};
const std::string tag = std::string{test_uuid} + ":";

using Flag = bool config::Settings::Events::*;
constexpr Flag truncate = &config::Settings::Events::truncate, ddl = &config::Settings::Events::ddl,
               transactions = &config::Settings::Events::transactions;

std::function<void(config::Settings&)> with(std::vector<Flag> flags) {
  return [flags](config::Settings& s) {
    for (const Flag flag : flags) s.events.*flag = true;
  };
}

/// `type,schema,table,sql,txn,time,count`, the transaction numbered from the script's GTID.
std::string event(std::string_view head, unsigned number, std::string_view count = "NULL") {
  return fmt::format("+mysql.events ({},{}{},@1700000000,{})", head, tag, number, count);
}

/// A transaction of rows of `t`, so that the table was seen.
LogScript seen() { return LogScript{}.gtid(1).begin().map().insert({a}).xid(); }

TEST_CASE("statements that name captured tables become records where that is wanted, instead of an end") {
  struct Case {
    std::string name, sql;
    std::vector<Flag> flags;
    Texts texts;
  };
  const Case cases[] = {
      {"truncate", "TRUNCATE t", {truncate}, {event("truncate,shop,t,TRUNCATE t", 2)}},
      {"drop",
       "DROP TABLE shop.t, x.y",
       {truncate},
       {event("drop,shop,t,DROP TABLE shop.t, x.y", 2), event("drop,x,y,DROP TABLE shop.t, x.y", 2)}},
      {"drop of the schema", "DROP DATABASE shop", {truncate}, {event("drop,shop,t,DROP DATABASE shop", 2)}},
      {"replaced", "CREATE OR REPLACE TABLE t (a int)", {truncate}, {event("drop,shop,t,CREATE OR REPLACE TABLE t (a int)", 2)}},
      {"partition", "ALTER TABLE t DROP PARTITION p", {truncate}, {event("partition,shop,t,ALTER TABLE t DROP PARTITION p", 2)}},
      {"ALTER is no truncation", "ALTER TABLE t ADD c int", {truncate}, {}},
      {"ALTER", "ALTER TABLE t ADD c int", {ddl}, {event("ddl,shop,t,ALTER TABLE t ADD c int", 2)}},
      {"an index", "CREATE INDEX i ON t (id)", {ddl}, {event("ddl,shop,t,CREATE INDEX i ON t (id)", 2)}},
      {"RENAME is one record", "RENAME TABLE t TO u, v TO t", {ddl}, {event("ddl,shop,t,RENAME TABLE t TO u, v TO t", 2)}},
      {"CREATE", "CREATE TABLE u LIKE t", {ddl}, {event("ddl,shop,u,CREATE TABLE u LIKE t", 2)}},
      {"both wanted, one record", "TRUNCATE t", {truncate, ddl}, {event("truncate,shop,t,TRUNCATE t", 2)}},
      {"a user's password stays", "ALTER USER u IDENTIFIED BY 'x'", {ddl}, {}},
      {"a server's password stays", "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (PASSWORD 'x')", {ddl}, {}},
      {"a trigger is no table", "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW SET @a = 1", {ddl}, {}},
      {"a table that is not captured", "TRUNCATE mysql.t", {truncate, ddl}, {}},
      {"no DDL", "FLUSH TABLES t", {truncate, ddl}, {}},
      {"text that is no UTF-8", "ALTER TABLE t COMMENT '\xe9'", {ddl}, {event("ddl,shop,t,ALTER TABLE t COMMENT '\xef\xbf\xbd'", 2)}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const LogScript log = seen().gtid(2).query(c.sql).gtid(3).begin().map().insert({b}).xid();
    const LoggedLines logged;
    Scene scene{with(c.flags)};
    scene.feed(log);
    Texts want{"+shop.t (1,a)"};
    want.insert(want.end(), c.texts.begin(), c.texts.end());
    want.emplace_back("+shop.t (2,b)");
    CHECK(scene.texts() == want);
    CHECK(logged.lines.empty());
  }
}

TEST_CASE("DDL records alone do not accept lost rows") {
  const LogScript log = seen().gtid(2).query("TRUNCATE t");
  CHECK(error_of(log, with({ddl})).starts_with("MYC1502: "));
  const LoggedLines logged;
  Scene scene{[](config::Settings& s) { s.events.ddl = true, s.on_unsupported.truncate = config::Policy::warn; }};
  CHECK(scene.feed(log).texts().back() == event("truncate,shop,t,TRUNCATE t", 2));
  CHECK(logged.lines.size() == 1);
}

TEST_CASE("begin and end stand around a transaction that has records, with their count") {
  const LogScript log = LogScript{}
                            .gtid(1)
                            .begin()
                            .map()
                            .insert({a, b})
                            .xid()
                            .gtid(2)
                            .begin()
                            .xid()
                            .gtid(3)
                            .query("ALTER TABLE t ADD c int")
                            .gtid(4)
                            .begin()
                            .map("t", 77, Key::id)
                            .update(a, {9, "k"})
                            .query("COMMIT");
  Scene scene{with({transactions, ddl})};
  scene.feed(log);
  CHECK(scene.texts() == Texts{event("begin,NULL,NULL,NULL", 1), "+shop.t (1,a)", "+shop.t (2,b)", event("end,NULL,NULL,NULL", 1, "2"),
                               event("begin,NULL,NULL,NULL", 3), event("ddl,shop,t,ALTER TABLE t ADD c int", 3),
                               event("end,NULL,NULL,NULL", 3, "0"), event("begin,NULL,NULL,NULL", 4), "-kshop.t (1,a)", "+kshop.t (9,k)",
                               event("end,NULL,NULL,NULL", 4, "2")});
  CHECK(scene.sink.records[3].position.n == 4);
  CHECK(scene.sink.records[4].position.n == 1);
  CHECK(scene.stats.changes == scene.texts().size());
}

TEST_CASE("a resume behind any extra record drops exactly those before it") {
  const LogScript log =
      LogScript{}.gtid(1).begin().map().insert({a, b}).xid().gtid(2).query("TRUNCATE t").gtid(3).begin().map().insert({a}).xid();
  const auto how = with({transactions, truncate, ddl});
  Scene whole{how};
  whole.feed(log);
  REQUIRE(whole.texts().size() == 4 + 3 + 3);
  const Texts all = whole.texts();
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    const BinlogPosition& position = whole.sink.records[i].position;
    Scene again{how};
    again.decoder.resume_at({{position.file, position.at}, {}, position.n, true});
    again.feed(log);
    CHECK(again.texts() == Texts(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end()));
  }
}

TEST_CASE("the collection stays mysql.events, and the tables' ids stay dense") {
  Scene scene{[](config::Settings& s) { s.events.ddl = true, s.collection = config::CollectionForm::table; }};
  scene.feed(LogScript{}.gtid(1).query("CREATE TABLE t (id int)").gtid(2).begin().map().insert({a}).xid());
  REQUIRE(scene.sink.records.size() == 2);
  CHECK(scene.sink.records[0].table.table == "mysql.events");
  CHECK(scene.sink.records[0].table.id == 0);
  CHECK(scene.sink.records[1].table.id == 1);
  Scene plain;
  plain.feed(seen());
  CHECK(plain.sink.records[0].table.id == 0);
}

}  // namespace
}  // namespace cdc::capture
