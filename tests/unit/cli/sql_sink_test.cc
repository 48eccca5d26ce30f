#include "cdc/cli/sql_sink.h"

#include <doctest/doctest.h>

#include "cdc/base/error.h"
#include "hex.h"
#include "json_documents_by_hand.h"
#include "scene.h"

namespace cdc::cli {
namespace {

using namespace cdc::test;

const std::string top =
    "SET NAMES utf8mb4;\nSET time_zone = '+00:00';\nSET sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO';\n";

/// One change, without the top and the transaction around it.
std::string statement(const Change& change) {
  Captured captured;
  SqlSink sink{captured.output()};
  sink.on_change(change);
  sink.finish(true);
  const std::string all = captured.text(), before = top + "BEGIN;\n", after = "COMMIT;\n";
  REQUIRE(all.starts_with(before));
  REQUIRE(all.ends_with(after));
  return all.substr(before.size(), all.size() - before.size() - after.size());
}

TEST_CASE("one statement a change") {
  const Scene scene{{column("id"), column("a`b"), column("c")}};
  const std::vector<Value> row{integer(7), text("x"), null()}, other{integer(7), text("y"), null()}, partial{absent(), text("z"), absent()};
  CHECK(statement(scene.change(Operation::create, {}, row)) == "INSERT INTO `shop`.`orders` (`id`, `a``b`, `c`) VALUES (7, 'x', NULL);\n");
  CHECK(statement(scene.change(Operation::update, row, other)) == "UPDATE `shop`.`orders` SET `a``b` = 'y' WHERE `id` = 7 LIMIT 1;\n");
  CHECK(statement(scene.change(Operation::update, row, partial)) == "UPDATE `shop`.`orders` SET `a``b` = 'z' WHERE `id` = 7 LIMIT 1;\n");
  CHECK(statement(scene.change(Operation::update, row, row)) == "-- `shop`.`orders`: no captured column changed\n");
  CHECK(statement(scene.change(Operation::delete_, row, {})) == "DELETE FROM `shop`.`orders` WHERE `id` = 7 LIMIT 1;\n");
}

TEST_CASE("an event is a comment of one line") {
  Scene scene{{column("type"), column("table"), column("sql")}};
  scene.table.event = true;
  const std::vector<Value> row{text("ddl"), null(), text("ALTER TABLE t\n  ADD c INT")};
  CHECK(statement(scene.change(Operation::create, {}, row)) == "-- event type=ddl sql=ALTER TABLE t   ADD c INT\n");
}

TEST_CASE("changes to JSON documents are calls of the server's functions") {
  const Scene scene{{column("id"), column("j`", ColumnType::json)}};
  const ExactBytes list{diff(0, "$.a", string("it's")) + diff(1, "$.b[0]", std::string{"\x04\x01", 2}) +
                        diff(1, "$.\"b\\n\"", std::string{"\x04\x00", 2}) + diff(2, "$.c")};
  const std::vector<Value> before{integer(7), absent()}, after{absent(), changes(list)};
  CHECK(
      statement(scene.change(Operation::update, before, after)) ==
      "UPDATE `shop`.`orders` SET `j``` = JSON_REMOVE(JSON_INSERT(JSON_ARRAY_INSERT(JSON_REPLACE(`j```, '$.a', CAST('\"it''s\"' AS JSON)), "
      "'$.b[0]', CAST('true' AS JSON)), _utf8mb4 x'242e22625c6e22', CAST('null' AS JSON)), '$.c') WHERE `id` = 7 LIMIT 1;\n");
}

TEST_CASE("a changed key whose images lack columns is one UPDATE") {
  const Scene scene{{column("id"), column("a"), column("b")}};
  const std::vector<Value> before{text("old"), absent(), absent()}, after{text("new"), text("x"), absent()},
      whole{text("new"), text("x"), null()};
  const auto statements = [&](const std::vector<Change>& changes) {
    Captured captured;
    SqlSink sink{captured.output()};
    for (const Change& change : changes) sink.on_change(change);
    sink.finish(true);
    return captured.text().substr(top.size());
  };
  const auto half = [&](KeyChange which, const std::vector<Value>& image) {
    const bool is_old = which == KeyChange::old_key;
    Change out = is_old ? scene.change(Operation::delete_, image, {}) : scene.change(Operation::create, {}, image);
    out.key_change = which;
    return out;
  };
  const std::string removed = "DELETE FROM `shop`.`orders` WHERE `id` = 'old' LIMIT 1;\n";
  CHECK(statements({half(KeyChange::old_key, before), half(KeyChange::new_key, after)}) ==
        "BEGIN;\nUPDATE `shop`.`orders` SET `id` = 'new', `a` = 'x' WHERE `id` = 'old' LIMIT 1;\nCOMMIT;\n");
  CHECK(statements({half(KeyChange::old_key, before)}) == "BEGIN;\n" + removed + "COMMIT;\n");  // The other half was not asked for.
  CHECK(statements({half(KeyChange::old_key, before), scene.change(Operation::create, {}, whole)}) ==
        "BEGIN;\n" + removed + "INSERT INTO `shop`.`orders` (`id`, `a`, `b`) VALUES ('new', 'x', NULL);\nCOMMIT;\n");
  CHECK(statements({half(KeyChange::old_key, whole), half(KeyChange::new_key, whole)}).starts_with("BEGIN;\nDELETE FROM "));
}

TEST_CASE("a row without key is found by what compares exactly") {
  const Scene scene{{column("a"), column("f"), column("n"), column("j", ColumnType::json)}, {}};
  const std::vector<Value> row{text("x"), real(ValueKind::float32, 0.5), null(), text("{}")};
  CHECK(statement(scene.change(Operation::delete_, row, {})) ==
        "DELETE FROM `shop`.`orders` WHERE `a` <=> 'x' COLLATE utf8mb4_bin AND `f` <=> 0.5 AND `n` <=> NULL LIMIT 1;\n");
}

TEST_CASE("a FLOAT is found by all digits of what is stored: the shortest text is another number once the column is widened") {
  const Scene scene{{column("f", ColumnType::float_), column("n")}};
  const std::vector<Value> row{real(ValueKind::float32, static_cast<double>(1.1F)), integer(1)},
      other{real(ValueKind::float32, static_cast<double>(1.1F)), integer(2)};
  CHECK(statement(scene.change(Operation::create, {}, row)) == "INSERT INTO `shop`.`orders` (`f`, `n`) VALUES (1.1, 1);\n");
  CHECK(statement(scene.change(Operation::update, row, other)) ==
        "UPDATE `shop`.`orders` SET `n` = 2 WHERE `f` = 1.100000023841858 LIMIT 1;\n");
  CHECK(statement(scene.change(Operation::delete_, row, {})) == "DELETE FROM `shop`.`orders` WHERE `f` = 1.100000023841858 LIMIT 1;\n");
}

TEST_CASE("values mean the same under every sql_mode") {
  const ExactBytes decimal = from_hex("800004d240"), bytes = from_hex("00ff"), empty = from_hex(""),
                   json = from_hex("0001000c000b0001000501006100"), uuid = from_hex("6ccd780cbaba102695645b8c656024db"),
                   ip = from_hex("c0000201"), geometry = from_hex("e610000001");
  struct Case {
    Value value;
    Column column;
    std::string sql;
  };
  const Case cases[] = {
      {null(), column("c"), "NULL"},
      {integer(-5), column("c"), "-5"},
      {number(ValueKind::uint64, UINT64_MAX), column("c"), "18446744073709551615"},
      {number(ValueKind::sign_unknown, static_cast<std::uint64_t>(-1), 1), column("c"), "-1 /* or unsigned (255) */"},
      {real(ValueKind::float64, 0.1), column("c"), "0.1"},
      {real(ValueKind::float64, 1e300 * 1e300), column("c"), "NULL /* not a number */"},
      {data(ValueKind::decimal, decimal, 10, 2), column("c"), "1234.64"},
      {text("it's"), column("c"), "'it''s'"},
      {text("''"), column("c"), "''''''"},
      {text("é \"x\""), column("c"), "'é \"x\"'"},
      {text("a\\b"), column("c"), "_utf8mb4 x'615c62'"},
      {text("a\nb"), column("c"), "_utf8mb4 x'610a62'"},
      {text(std::string_view{"\0", 1}), column("c"), "_utf8mb4 x'00'"},
      {text(""), column("c"), "''"},
      {data(ValueKind::bytes, bytes), column("c"), "x'00ff'"},
      {data(ValueKind::bytes, empty), column("c"), "x''"},
      {number(ValueKind::date, 0), column("c"), "'0000-00-00'"},
      {number(ValueKind::timestamp, 1'700'000'000'000'000), column("c"), "'2023-11-14 22:13:20'"},
      {number(ValueKind::year, 2024), column("c"), "2024"},
      {number(ValueKind::bits, 5), column("c", ColumnType::bit, {}, 8), "b'101'"},
      {number(ValueKind::enum_index, 1), column("c", ColumnType::enum_, {"it's"}), "'it''s'"},
      {number(ValueKind::enum_index, 4), column("c", ColumnType::enum_), "4"},
      {number(ValueKind::set_bits, 3), column("c", ColumnType::set, {"x", "y"}), "'x,y'"},
      {number(ValueKind::set_bits, 3), column("c", ColumnType::set), "3"},
      {data(ValueKind::json, json), column("c", ColumnType::json), R"(CAST('{"a": 1}' AS JSON))"},
      {data(ValueKind::geometry, geometry), column("c"), "x'e610000001'"},
      {data(ValueKind::uuid, uuid), column("c"), "'6ccd780c-baba-1026-9564-5b8c656024db'"},
      {data(ValueKind::inet, ip), column("c"), "'192.0.2.1'"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.sql);
    const Scene scene{{column("id"), c.column}};
    const std::vector<Value> row{integer(7), c.value};
    CHECK(statement(scene.change(Operation::create, {}, row)) == "INSERT INTO `shop`.`orders` (`id`, `c`) VALUES (7, " + c.sql + ");\n");
  }
}

TEST_CASE("a large value is written whole") {
  const Scene scene{{column("id"), column("c")}};
  const std::string large(300'000, '\xab');
  std::string hex;
  for (std::size_t i = 0; i < large.size(); ++i) hex += "ab";
  const std::vector<Value> row{integer(7), data(ValueKind::bytes, std::as_bytes(std::span{large}))};
  const bool same =
      statement(scene.change(Operation::create, {}, row)) == "INSERT INTO `shop`.`orders` (`id`, `c`) VALUES (7, x'" + hex + "');\n";
  CHECK(same);  // not printed: a megabyte
}

TEST_CASE("transactions are kept together; what was cut off is rolled back") {
  Scene scene{{column("id")}};
  const std::vector<Value> row{integer(7)};
  const Change change = scene.change(Operation::create, {}, row);
  const std::string insert = "INSERT INTO `shop`.`orders` (`id`) VALUES (7);\n";
  Captured captured;
  SqlSink sink{captured.output()};
  sink.on_change(change);
  sink.on_change(change);
  scene.next_transaction();
  sink.on_change(change);
  sink.on_idle();
  scene.next_transaction();
  sink.on_change(change);
  sink.finish(false);
  CHECK(captured.text() == top + "BEGIN;\n" + insert + insert + "COMMIT;\nBEGIN;\n" + insert + "COMMIT;\nBEGIN;\n" + insert +
                               "ROLLBACK; -- printing ended inside this transaction\n");
}

TEST_CASE("without column names there are no statements") {
  Scene scene{{column("@1")}};
  scene.table.positional = true;
  const std::vector<Value> row{integer(7)};
  Captured captured;
  SqlSink sink{captured.output()};
  try {
    sink.on_change(scene.change(Operation::create, {}, row));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::schema_missing);
    CHECK(error.cure().find("binlog_row_metadata=FULL") != std::string_view::npos);
  }
}

}  // namespace
}  // namespace cdc::cli
