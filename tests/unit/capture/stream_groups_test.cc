#include <doctest/doctest.h>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

using binlog::EventType;

constexpr std::string_view maria = "10.11.6-MariaDB-log";
const std::string tag = std::string{test_uuid} + ":";

TEST_CASE("transactions of every form become records, each with its transaction's place and id") {
  const Row a{1, "a"}, b{2, "b"};
  struct Case {
    const char* name;
    LogScript log;
    std::size_t first;  ///< Index of the transaction's first event.
    std::string id;
    Texts texts;
  };
  const std::string origin = ":binlog.000001:";
  const Case cases[] = {
      {"MySQL with GTIDs", LogScript{}.gtid(7).begin().map().insert({a, b}).xid(), 1, tag + "7", {"+shop.t (1,a)", "+shop.t (2,b)"}},
      {"MySQL, anonymous", LogScript{}.anonymous().begin().map().remove(a).xid(), 1, origin, {"-shop.t (1,a)"}},
      {"without GTID events",
       LogScript{"5.7.40-log"}.begin().map("t", 77, Key::none).update(a, {1, "c"}).query("COMMIT"),
       1,
       origin,
       {"~shop.t (1,a) > (1,c)"}},
      {"rows without BEGIN", LogScript{}.map().insert({a}), 1, origin, {"+shop.t (1,a)"}},
      {"rows without BEGIN behind a GTID", LogScript{}.gtid(3).map().insert({a}), 1, tag + "3", {"+shop.t (1,a)"}},
      {"MyISAM: COMMIT as a query", LogScript{}.gtid(8).begin().map().insert({a}).query("COMMIT"), 1, tag + "8", {"+shop.t (1,a)"}},
      {"MariaDB: the GTID opens, no BEGIN", LogScript{maria}.mariadb_gtid(5).map().insert({a}).xid(), 1, "0-9-5", {"+shop.t (1,a)"}},
      {"MariaDB, domain 3", LogScript{maria}.mariadb_gtid(5, 0, 3).map().insert({a}).query("COMMIT"), 1, "3-9-5", {"+shop.t (1,a)"}},
      {"CREATE TABLE … SELECT, atomic",
       LogScript{}.gtid(9).begin().query("CREATE TABLE `t` (id int) START TRANSACTION").map().insert({a}).xid(),
       1,
       tag + "9",
       {"+shop.t (1,a)"}},
      {"CREATE TABLE … SELECT of MariaDB",
       LogScript{maria}.mariadb_gtid(6).query("CREATE TABLE t (id int)").map().insert({a}).xid(),
       1,
       "0-9-6",
       {"+shop.t (1,a)"}},
      {"two statements",
       LogScript{}.gtid(1).begin().map().insert({a}).map().insert({b}).xid(),
       1,
       tag + "1",
       {"+shop.t (1,a)", "+shop.t (2,b)"}},
      {"two events of one statement",
       LogScript{}.gtid(1).begin().map().insert({a}, false).insert({b}).xid(),
       1,
       tag + "1",
       {"+shop.t (1,a)", "+shop.t (2,b)"}},
      {"a savepoint that holds",
       LogScript{}.gtid(1).begin().query("SAVEPOINT `s`").map().insert({a}).xid(),
       1,
       tag + "1",
       {"+shop.t (1,a)"}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    Scene scene;
    scene.feed(c.log);
    REQUIRE(scene.texts() == c.texts);
    CHECK_FALSE(scene.decoder.in_transaction());
    CHECK(scene.decoder.place() == LogPlace{"binlog.000001", c.log.end()});
    for (std::size_t i = 0; i < c.texts.size(); ++i) {
      const auto& record = scene.sink.records[i];
      const std::uint64_t at = c.log.events()[c.first].at;
      CHECK(record.position.n == i + 1);
      CHECK(record.position.at == at);
      CHECK(record.position.file == "binlog.000001");
      CHECK(record.transaction.at == at);
      CHECK(record.transaction.id == (c.id == origin ? origin + std::to_string(at) : c.id));
    }
    CHECK(scene.stats.changes == c.texts.size());
  }
}

TEST_CASE("groups that carry no rows leave nothing open") {
  const LogScript logs[] = {
      LogScript{}.gtid(1).query("CREATE TABLE x (id int)"),
      LogScript{maria}.mariadb_gtid(1, 1).query("CREATE TABLE x (id int)"),
      LogScript{"5.7.40"}.query("CREATE TABLE x (id int)"),
      LogScript{}.gtid(1).begin().query("ROLLBACK"),
      LogScript{}.gtid(1).begin().query("COMMIT"),
      LogScript{}.gtid(1).begin().event(EventType::view_change, std::string(52, '\0')).query("COMMIT"),
      LogScript{}.gtid(1).begin().map().event(EventType::write_rows, rows_head(binlog::dummy_table_id, true)).xid(),
      LogScript{}.gtid(1).begin().map().xid(),
  };
  for (const LogScript& log : logs) {
    Scene scene;
    scene.feed(log);
    CHECK(scene.texts().empty());
    CHECK_FALSE(scene.decoder.in_transaction());
  }
}

TEST_CASE("maps end with their statement: rows need one of their own") {
  const Row a{1, "a"};
  const LogScript missing[] = {
      LogScript{}.gtid(1).begin().insert({a}),
      LogScript{}.gtid(1).begin().map().insert({a}).insert({a}),
      LogScript{}.gtid(1).begin().map().insert({a}, false, 78),
      LogScript{}.gtid(1).begin().map().xid().gtid(2).begin().insert({a}),
      LogScript{}.gtid(1).begin().map().event(EventType::write_rows, rows_head(binlog::dummy_table_id, true)).insert({a}),
  };
  for (const LogScript& log : missing) {
    const std::string error = error_of(log);
    CHECK_MESSAGE(error.starts_with("MYC1307: binlog.000001:" + std::to_string(log.events().back().at)), error);
  }
}

TEST_CASE("a table whose id is the dummy's is a table, when it has a map") {
  Scene scene;
  scene.feed(LogScript{}.gtid(1).begin().map("t", binlog::dummy_table_id).insert({{1, "a"}}, true, binlog::dummy_table_id).xid());
  CHECK(scene.texts() == Texts{"+shop.t (1,a)"});
}

TEST_CASE("the set before a transaction grows with each, once it is known") {
  const auto sets_of = [](const LogScript& log) {
    Scene scene;
    scene.feed(log);
    Texts out;
    for (const auto& record : scene.sink.records) out.push_back(record.position.gtid);
    return out;
  };
  const Row a{1, "a"};
  const std::string none = le(0, 8);
  CHECK(sets_of(LogScript{}
                    .event(EventType::previous_gtids, none)
                    .gtid(1)
                    .query("CREATE TABLE x (a int)")
                    .gtid(2)
                    .begin()
                    .map()
                    .insert({a})
                    .xid()
                    .gtid(3)
                    .begin()
                    .map()
                    .insert({a})
                    .xid()) == Texts{tag + "1", tag + "1-2"});
  CHECK(sets_of(LogScript{}.gtid(1).begin().map().insert({a}).xid()) == Texts{""});
  CHECK(sets_of(LogScript{maria}
                    .event(EventType::gtid_list, le(1, 4) + le(0, 4) + le(9, 4) + le(4, 8))
                    .mariadb_gtid(5)
                    .map()
                    .insert({a})
                    .xid()
                    .mariadb_gtid(6)
                    .map()
                    .insert({a})
                    .xid()) == Texts{"0-9-4", "0-9-5"});
}

TEST_CASE("statement texts reach their rows, and only theirs") {
  Scene scene;
  scene.feed(LogScript{}
                 .gtid(1)
                 .begin()
                 .event(EventType::rows_query, counted("INSERT INTO t"))
                 .map()
                 .insert({{1, "a"}})
                 .xid()
                 .gtid(2)
                 .begin()
                 .map()
                 .insert({{2, "b"}})
                 .xid());
  REQUIRE(scene.sink.records.size() == 2);
  CHECK(scene.sink.records[0].transaction.sql == "INSERT INTO t");
  CHECK(scene.sink.records[1].transaction.sql.empty());
  CHECK(scene.sink.records[0].transaction.ordinal + 1 == scene.sink.records[1].transaction.ordinal);
}

TEST_CASE("events of a payload are the transaction's") {
  const LogScript inner = LogScript{"8.0.45", false}.begin().map().insert({{1, "a"}, {2, "b"}}).xid();
  const LogScript log =
      LogScript{}.gtid(4).event(EventType::transaction_payload, payload(inner)).gtid(5).begin().map().insert({{3, "c"}}).xid();
  Scene scene;
  scene.feed(log);
  REQUIRE(scene.texts() == Texts{"+shop.t (1,a)", "+shop.t (2,b)", "+shop.t (3,c)"});
  CHECK(scene.sink.records[1].position.n == 2);
  CHECK(scene.sink.records[1].position.at == log.events()[1].at);
  CHECK(scene.sink.records[2].position.at == log.events()[3].at);

  const std::string nested = payload(LogScript{"8.0.45", false}.event(EventType::transaction_payload, payload(inner)));
  CHECK(error_of(LogScript{}.gtid(4).event(EventType::transaction_payload, nested)).starts_with("MYC1306: binlog.000001:"));
}

TEST_CASE("a log that goes on behind a transaction without its end is no committed transaction") {
  const Row a{1, "a"};
  const LogScript open = LogScript{}.gtid(1).begin().map().insert({a});
  CHECK(error_of(LogScript{open}.gtid(2)).starts_with("MYC1304: binlog.000001:"));
  CHECK(error_of(LogScript{maria}.mariadb_gtid(1).map().insert({a}).mariadb_gtid(2)).starts_with("MYC1304: "));
  CHECK(error_of(LogScript{"5.7.40"}.begin().map("t", 77, Key::none).insert({a}).begin()).starts_with("MYC1304: "));
  CHECK(error_of(LogScript{open}.description("8.0.45")).starts_with("MYC1304: "));
  CHECK(error_of([&] { Scene{{}, StreamDecoder::Input::server}.feed(LogScript{open}.description("8.0.45")); }).starts_with("MYC1304: "));
}

TEST_CASE("after a crash the next file begins anew: a transaction without records is dropped") {
  Scene scene{{}, StreamDecoder::Input::server};
  const LogScript next = LogScript{"5.7.40"}.begin().map("t", 77, Key::none).insert({{1, "a"}}).query("COMMIT");
  scene.feed(LogScript{"5.7.40"}.begin().map("t", 77, Key::none));
  scene.feed(LogScript{}.event(EventType::rotate, le(4, 8) + "binlog.000002", binlog::flag_artificial).events()[1].bytes);
  scene.feed(next);
  REQUIRE(scene.texts() == Texts{"+shop.t (1,a)"});
  CHECK(scene.sink.records[0].position.file == "binlog.000002");
  CHECK(scene.sink.records[0].position.at == next.events()[1].at);
}

}  // namespace
}  // namespace cdc::capture
