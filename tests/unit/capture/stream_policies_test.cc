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

TEST_CASE("a cascading foreign key that is added later is warned of, where the log does not show what it does") {
  constexpr std::string_view cascade = "ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p (id) ON UPDATE RESTRICT ON DELETE SET NULL";
  const auto warnings = [](std::string_view version, std::string_view sql) {
    const LoggedLines logged;
    CHECK(error_of(LogScript{version}.query(sql)) == "");
    return logged.lines;
  };
  REQUIRE(warnings("8.0.45", cascade).size() == 1);
  CHECK(warnings("8.0.45", cascade)[0].starts_with("MYC1503: a foreign key of shop.t "));
  CHECK(warnings(maria, "CREATE TABLE c (p int REFERENCES p (id) ON DELETE CASCADE)").size() == 1);
  CHECK(warnings("9.7.4", cascade).empty());
  CHECK(warnings("8.0.45", "ALTER TABLE t ADD FOREIGN KEY (p) REFERENCES p (id) ON DELETE RESTRICT").empty());
  CHECK(warnings("8.0.45", "ALTER TABLE t ADD at TIMESTAMP ON UPDATE CURRENT_TIMESTAMP COMMENT 'ON DELETE CASCADE'").empty());
  CHECK(warnings("8.0.45", "ALTER TABLE mysql.t ADD FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE").empty());
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

/// EXECUTE_LOAD_QUERY: a query event with 13 bytes about the file in its head.
std::string load_body(std::string_view sql) {
  const std::string query = LogScript::query_body(sql);
  return query.substr(0, 13) + std::string(13, '\0') + query.substr(13);
}

TEST_CASE("LOAD DATA as a statement into a table that is not captured does not stop the stream") {
  constexpr auto load = binlog::EventType::execute_load_query;
  const auto of = [](std::string_view sql) { return seen().gtid(2).begin().event(load, load_body(sql)).xid(); };
  CHECK(error_of(of("LOAD DATA INFILE '/t' INTO TABLE `t` (id)")).starts_with("MYC1500: "));
  const LoggedLines logged;
  const auto only_t = [](config::Settings& s) { s.tables = "shop.t"; };
  CHECK(error_of(of("LOAD DATA INFILE '/t' INTO TABLE `other` (id)"), only_t) == "");
  CHECK(logged.lines.size() == 1);  // its triggers could reach captured ones
  CHECK(error_of(of("LOAD DATA INFILE '/t' INTO TABLE shop.t (id)"), only_t).starts_with("MYC1500: "));
  const std::string whole = load_body("LOAD DATA INFILE '/t' INTO TABLE x (id)");
  for (std::size_t size = 0; size < 31; ++size)
    CHECK(error_of(seen().gtid(2).begin().event(load, whole.substr(0, size))).starts_with("MYC1500: "));
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

TEST_CASE("ROLLBACK behind captured rows is refused; before them, or behind others', it is not") {
  const LogScript open = LogScript{}.gtid(1).begin().map().insert({a});
  CHECK(error_of(LogScript{open}.query("ROLLBACK")).starts_with("MYC1506: "));
  CHECK(error_of(LogScript{open}.query("ROLLBACK TO `s`")).starts_with("MYC1506: "));
  CHECK(error_of(LogScript{}.gtid(1).begin().query("ROLLBACK TO `s`").map().insert({a}).xid()) == "");
  CHECK(error_of(LogScript{open}.query("ROLLBACK"), [](config::Settings& s) { s.tables = "shop.other"; }) == "");
}

TEST_CASE("MariaDB's two-phase ALTER counts at its COMMIT ALTER") {
  const auto gtid = [](std::uint64_t sequence, unsigned extra) {
    const std::string started = (extra & 12U) != 0 ? le(1, 8) : "";
    return le(sequence, 8) + le(0, 4) + byte(0x29) + byte(extra) + started + std::string(6, '\0');
  };
  const auto alter = [&](LogScript& log, std::uint64_t sequence, unsigned extra, std::string_view sql) -> LogScript& {
    return log.event(EventType::mariadb_gtid, gtid(sequence, extra), 0, 9).query(sql);
  };
  const auto all = [](config::Settings& s) { s.events.ddl = true; };
  LogScript log{maria};
  alter(log, 1, 2, "ALTER TABLE t ADD c int").mariadb_gtid(2).map().insert({a}).xid();
  alter(log, 3, 4, "ALTER TABLE t ADD c int");
  alter(alter(log, 4, 2, "ALTER TABLE t DROP PARTITION p"), 5, 8, "ALTER TABLE t DROP PARTITION p");
  Scene scene{all};
  scene.feed(log);
  CHECK(scene.schemas.statements == Texts{"ALTER TABLE t ADD c int"});
  CHECK(scene.texts() == Texts{"+shop.t (1,a)", "+mysql.events (ddl,shop,t,ALTER TABLE t ADD c int,0-9-3,@1700000000,NULL)"});
  CHECK(error_of(alter(log, 6, 4, "ALTER TABLE t DROP PARTITION p"), all).starts_with("MYC1502: "));
}

TEST_CASE("DDL is told to whoever names the columns") {
  Scene scene;
  scene.feed(LogScript{}.gtid(1).query("ALTER TABLE t ADD c int").gtid(2).query("FLUSH TABLES").gtid(3).query("CREATE TABLE x (a int)"));
  CHECK(scene.schemas.statements == Texts{"ALTER TABLE t ADD c int", "CREATE TABLE x (a int)"});
}

}  // namespace
}  // namespace cdc::capture
