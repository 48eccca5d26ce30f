#include <doctest/doctest.h>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

using binlog::EventType;
using config::Policy;

constexpr std::string_view maria = "10.11.6-MariaDB-log";
const Row a{1, "a"};

/// A transaction of rows of `t`, so that the table was seen.
LogScript seen() { return LogScript{}.gtid(1).begin().map().insert({a}).xid(); }

TEST_CASE("statements that change captured rows without row events stop the stream, or are warned of") {
  struct Case {
    const char* name;
    std::string_view sql;
    std::string code;
    void (*allow)(config::Settings&);
  };
  constexpr auto statement = [](config::Settings& s) { s.on_unsupported.statement = Policy::warn; };
  constexpr auto truncate = [](config::Settings& s) { s.on_unsupported.truncate = Policy::warn; };
  const Case cases[] = {
      {"insert", "INSERT INTO t VALUES (1,'x')", "MYC1500", statement},
      {"update of another schema", "UPDATE other.t SET name='x'", "MYC1500", statement},
      {"delete, quoted", "/* why */ DELETE FROM `t` WHERE id=1", "MYC1500", statement},
      {"replace", "REPLACE INTO shop.t SELECT * FROM x", "MYC1500", statement},
      {"a function that changes what it does not name", "SELECT `shop`.`f`(1)", "MYC1500", statement},
      {"the same without a result", "DO f(1)", "MYC1500", statement},
      {"truncate", "TRUNCATE TABLE t", "MYC1502", truncate},
      {"drop", "DROP TABLE IF EXISTS `shop`.`t`", "MYC1502", truncate},
      {"drop of several", "DROP TABLE mysql.x, t", "MYC1502", truncate},
      {"drop of the schema", "DROP DATABASE shop", "MYC1502", truncate},
      {"partition", "ALTER TABLE t TRUNCATE PARTITION p0", "MYC1502", truncate},
      {"or replace", "CREATE OR REPLACE TABLE t (id int)", "MYC1502", truncate},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const LogScript log = seen().gtid(2).query(c.sql).gtid(3).begin().map().insert({a}).xid();
    const std::string error = error_of(log);
    CHECK_MESSAGE(error.starts_with(c.code + ": binlog.000001:" + std::to_string(log.events()[7].at)), error);
    CHECK(error.find("\n  cure: ") != std::string::npos);
    const LoggedLines logged;
    Scene allowed{c.allow};
    allowed.feed(log);
    CHECK(allowed.texts().size() == 2);
    REQUIRE(logged.lines.size() == 1);
    CHECK(logged.lines[0].starts_with(c.code + ": "));
  }
}

TEST_CASE("statements that touch nothing captured pass without a word") {
  const LoggedLines logged;
  for (const std::string_view sql : {"CREATE TABLE u (a int)", "ALTER TABLE t ADD c int", "RENAME TABLE t TO u", "DROP TEMPORARY TABLE t",
                                     "GRANT ALL ON *.* TO x", "TRUNCATE mysql.t", "DROP DATABASE nobody", "FLUSH TABLES", "DROP VIEW v"}) {
    CAPTURE(sql);
    CHECK(error_of(seen().gtid(2).query(sql)) == "");
  }
  const auto only_other = [](config::Settings& s) { s.tables = "shop.other"; };
  CHECK(error_of(seen().gtid(2).query("TRUNCATE t"), only_other) == "");
  CHECK(logged.lines.empty());
}

TEST_CASE("a statement on tables that are not captured may reach captured ones by a trigger, a view or a function: one warning") {
  const auto only_other = [](config::Settings& s) { s.tables = "shop.other"; };
  const LogScript log =
      seen().gtid(2).begin().query("INSERT INTO t VALUES (1)").xid().gtid(3).begin().query("UPDATE t SET name = f(2)").xid();
  const LoggedLines logged;
  CHECK(error_of(log, only_other) == "");
  REQUIRE(logged.lines.size() == 1);
  CHECK(logged.lines[0].find("trigger") != std::string::npos);
}

TEST_CASE("LOAD DATA as a statement is warned of where that is wanted, and nothing to a start behind it") {
  const LogScript log =
      seen().gtid(2).begin().event(binlog::EventType::execute_load_query, "x").xid().gtid(3).begin().map().insert({a}).xid();
  CHECK(error_of(log).starts_with("MYC1500: "));
  const LoggedLines logged;
  Scene allowed{[](config::Settings& s) { s.on_unsupported.statement = Policy::warn; }};
  CHECK(allowed.feed(log).texts().size() == 2);
  CHECK(logged.lines.size() == 1);
  for (const auto type : {binlog::EventType::execute_load_query, binlog::EventType::partial_row_data, static_cast<binlog::EventType>(99)}) {
    const LogScript before = seen().gtid(2).begin().event(type, "x").xid();
    LogScript whole = before;
    whole.gtid(3).begin().map().insert({a}).xid();
    CHECK(error_of(whole).starts_with("MYC"));
    Scene behind;
    behind.decoder.resume_at({{"binlog.000001", before.end()}, {}, 0, false});
    CHECK(behind.feed(whole).texts().size() == 1);
  }
}

TEST_CASE("incidents") {
  const std::string body = le(1, 2) + counted("lost events");
  const LogScript log = seen().event(EventType::incident, body).gtid(2).begin().map().insert({a}).xid();
  const std::string error = error_of(log);
  CHECK(error.starts_with("MYC1501: binlog.000001:" + std::to_string(log.events()[6].at) + ": "));
  CHECK(error.find("lost events") != std::string::npos);
  CHECK(error_of(LogScript{}.event(EventType::incident, "")).starts_with("MYC1501: "));  // it does not say why

  const LoggedLines logged;
  Scene warned{[](config::Settings& s) { s.on_unsupported.incident = Policy::warn; }};
  warned.feed(log);
  CHECK(warned.texts().size() == 2);
  CHECK(logged.lines.size() == 1);
}

TEST_CASE("an incident counts from the place where the stream begins") {
  const std::string body = le(1, 2) + counted("lost events");
  const LogScript first = LogScript{}.event(EventType::incident, body).gtid(1).begin().map().insert({a}).xid();
  const LogScript second = LogScript{seen()}.event(EventType::incident, body).gtid(2).begin().map().insert({a}).xid();
  const LoggedLines logged;
  const auto run = [](const LogScript& log, std::uint64_t from) {
    return error_of([&] {
      Scene scene;
      scene.decoder.resume_at({{"binlog.000001", from}, {}, 0, false});
      scene.feed(log);
    });
  };
  CHECK(run(first, first.events()[2].at) == "");                     // before it, nothing passed over yet
  CHECK(run(second, second.events()[6].at).starts_with("MYC1501"));  // right at it, behind transactions that were passed over
  CHECK(run(second, second.events()[7].at) == "");
}

std::string xa_name(std::string_view global) { return le(1, 4) + le(global.size(), 4) + le(0, 4) + std::string{global}; }

TEST_CASE("XA: captured rows are refused, other branches may come and go") {
  const auto prepare = [](LogScript log, bool one_phase) {
    return log.event(EventType::xa_prepare, byte(one_phase ? 1 : 0) + xa_name("g"));
  };
  const auto start = [](LogScript log) { return log.query("XA START X'67',X'',1"); };
  const auto other_only = [](config::Settings& s) { s.tables = "shop.other"; };

  CHECK(error_of(start(LogScript{}.gtid(1)).map().insert({a})).starts_with("MYC1504: "));
  CHECK(error_of(LogScript{maria}.mariadb_gtid(1, 64, 0).events().size() == 2
                     ? LogScript{maria}
                           .event(EventType::mariadb_gtid,
                                  le(1, 8) + le(0, 4) + byte(64) + le(1, 4) + byte(1) + byte(0) + "g" + std::string(6, '\0'))
                           .map()
                           .insert({a})
                     : LogScript{})
            .starts_with("MYC1504: "));

  const LogScript clean = prepare(start(LogScript{}.gtid(1)).map().insert({a}).query("XA END X'67',X'',1"), false);
  CHECK(error_of(LogScript{clean}.gtid(2).query("XA COMMIT X'67',X'',1").gtid(3).begin().xid(), other_only) == "");
  CHECK(error_of(LogScript{clean}.gtid(2).query("XA COMMIT X'68',X'',1"), other_only).starts_with("MYC1504: "));
  CHECK(error_of(LogScript{clean}.gtid(2).query("XA COMMIT X'67',X'',1").gtid(3).query("XA COMMIT X'67',X'',1"), other_only)
            .starts_with("MYC1504: "));
  CHECK(error_of(LogScript{}.gtid(2).query("XA ROLLBACK X'68',X'',1")) == "");
  CHECK(error_of(prepare(start(LogScript{}.gtid(1)).query("XA END X'67',X'',1"), true).gtid(2).begin().map().insert({a}).xid()) == "");
  CHECK(error_of(LogScript{}.event(EventType::xa_prepare, "x")).starts_with("MYC1300: "));
}

TEST_CASE("ROLLBACK behind captured rows is refused; before them, or behind others', it is not") {
  const LogScript open = LogScript{}.gtid(1).begin().map().insert({a});
  CHECK(error_of(LogScript{open}.query("ROLLBACK")).starts_with("MYC1506: "));
  CHECK(error_of(LogScript{open}.query("ROLLBACK TO `s`")).starts_with("MYC1506: "));
  CHECK(error_of(LogScript{}.gtid(1).begin().query("ROLLBACK TO `s`").map().insert({a}).xid()) == "");
  CHECK(error_of(LogScript{open}.query("ROLLBACK"), [](config::Settings& s) { s.tables = "shop.other"; }) == "");
}

TEST_CASE("DDL is told to whoever names the columns") {
  Scene scene;
  scene.feed(LogScript{}.gtid(1).query("ALTER TABLE t ADD c int").gtid(2).query("FLUSH TABLES").gtid(3).query("CREATE TABLE x (a int)"));
  CHECK(scene.schemas.statements == Texts{"ALTER TABLE t ADD c int", "CREATE TABLE x (a int)"});
}

}  // namespace
}  // namespace cdc::capture
