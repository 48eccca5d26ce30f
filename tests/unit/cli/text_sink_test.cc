#include "cdc/cli/text_sink.h"

#include <doctest/doctest.h>

#include "hex.h"
#include "scene.h"
#include "terminal_text.h"

namespace cdc::cli {
namespace {

using namespace cdc::test;

constexpr std::int64_t same_day_us = 1'700'000'000'000'000;  // 2023-11-14 22:13:20 UTC; a Kathmandu day later, 03:58:20
std::size_t eighty() { return 80; }

/// Each change's line, as a run prints them.
class Screen {
 public:
  explicit Screen(TextForm form = {}, std::int64_t today_us = same_day_us) : sink_{captured_.output(), form, today_us} {}
  Screen& emit(const Change& change) {
    sink_.on_change(change);
    return *this;
  }
  Screen& wait() {
    sink_.on_idle();
    return *this;
  }
  std::string text() {
    sink_.finish(true);
    return captured_.text();
  }

 private:
  Captured captured_;
  TextSink sink_;
};

std::vector<Column> columns() { return {column("id"), column("status"), column("note")}; }

TEST_CASE("an update shows the key and what changed, at the local time of the commit") {
  const Scene scene{columns()};
  const std::vector<Value> before{integer(7), text("new"), null()}, after{integer(7), text("paid"), null()};
  CHECK(Screen{}.emit(scene.change(Operation::update, before, after)).text() ==
        "03:58:20.123   UPDATE  shop.orders  id=7  status: new → paid\n");
}

TEST_CASE("inserts show all, deletes what was there") {
  Scene scene{columns()};
  const std::vector<Value> row{integer(7), text("new"), null()};
  Screen screen;
  screen.emit(scene.change(Operation::create, {}, row));
  scene.next_transaction();
  screen.emit(scene.change(Operation::delete_, row, {}));
  CHECK(screen.text() ==
        "03:58:20.123   INSERT  shop.orders  id=7  status=new  note=NULL\n"
        "03:58:20.123   DELETE  shop.orders  id=7  status=new  note=NULL\n");
}

TEST_CASE("what is no row change is called an event") {
  Scene scene{columns()};
  scene.table.event = true;
  const std::vector<Value> row{integer(7), text("ddl"), null()};
  CHECK(Screen{}.emit(scene.change(Operation::create, {}, row)).text() ==
        "03:58:20.123   EVENT   shop.orders  id=7  status=ddl  note=NULL\n");
}

TEST_CASE("changes of one transaction are bracketed, also when the source waits in between") {
  Scene scene{columns()};
  const std::vector<Value> row{integer(7), text("new"), null()};
  const Change change = scene.change(Operation::create, {}, row);
  Screen screen;
  screen.emit(change).emit(change).emit(change);
  scene.next_transaction();
  screen.emit(change);
  scene.next_transaction();
  screen.emit(change).wait().emit(change).wait();
  const std::string line = " INSERT  shop.orders  id=7  status=new  note=NULL\n", time = "03:58:20.123 ", blank(13, ' ');
  CHECK(screen.text() ==
        time + "╭" + line + blank + "│" + line + blank + "╰" + line + time + " " + line + time + " " + line + blank + "╰" + line);
}

TEST_CASE("a rule stands before changes of another day") {
  Scene scene{columns()};
  const std::vector<Value> row{integer(7), text("new"), null()};
  Screen screen{{}, 0};
  screen.emit(scene.change(Operation::create, {}, row));
  scene.next_transaction();
  screen.emit(scene.change(Operation::create, {}, row));
  const std::string line = "03:58:20.123   INSERT  shop.orders  id=7  status=new  note=NULL\n";
  CHECK(screen.text() == "── 2023-11-15 ──\n" + line + line);
}

TEST_CASE("what is said of a row in special cases") {
  struct Case {
    const char* name;
    std::vector<std::size_t> key;
    Operation operation;
    std::vector<Value> before, after;
    std::string fields;
  };
  const Case cases[] = {
      {"nothing captured changed",
       {0},
       Operation::update,
       {integer(7), text("a"), null()},
       {integer(7), text("a"), null()},
       "id=7  (no captured column changed)"},
      {"without a key, what stayed the same identifies the row",
       {},
       Operation::update,
       {integer(7), text("a"), null()},
       {integer(7), text("b"), null()},
       "status: a → b  id=7  note=NULL"},
      {"not in the image before",
       {0},
       Operation::update,
       {integer(7), absent(), absent()},
       {absent(), text("b"), absent()},
       "id=7  status: ? → b"},
      {"NULL is not 'NULL'",
       {0},
       Operation::update,
       {integer(7), null(), null()},
       {integer(7), text("NULL"), null()},
       "id=7  status: NULL → 'NULL'"},
      {"a key in the middle comes first", {1}, Operation::create, {}, {integer(7), text("k"), null()}, "status=k  id=7  note=NULL"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Scene scene{columns(), c.key};
    const std::string line = Screen{}.emit(scene.change(c.operation, c.before, c.after)).text();
    CHECK(line.substr(line.find("shop.orders  ") + 13) == c.fields + "\n");
  }
}

TEST_CASE("a key change is told") {
  const Scene scene{{column("id")}};
  const std::vector<Value> row{integer(7)};
  Change change = scene.change(Operation::delete_, row, {});
  change.key_change = KeyChange::old_key;
  CHECK(Screen{}.emit(change).text() == "03:58:20.123   DELETE  shop.orders  id=7  (key changed)\n");
}

TEST_CASE("values of every kind") {
  const ExactBytes decimal = from_hex("800004d240"), geometry = from_hex("00000000010100"), floats = from_hex("0000803fcdcccc3d"),
                   bytes = from_hex("00ff10"), json = from_hex("0001000c000b0001000501006100"),
                   uuid = from_hex("6ccd780cbaba102695645b8c656024db"), ip = from_hex("c0000201"), latin = from_hex("61ff");
  Value invalid = data(ValueKind::bytes, latin);
  invalid.mark = ValueMark::invalid_text;
  struct Case {
    Value value;
    Column column;
    std::string text;
  };
  const Case cases[] = {
      {number(ValueKind::uint64, 5), column("c"), "5"},
      {number(ValueKind::sign_unknown, static_cast<std::uint64_t>(-2), 1), column("c"), "-2 (254)"},
      {real(ValueKind::float32, static_cast<double>(0.1F)), column("c"), "0.1"},
      {real(ValueKind::float64, 1e300 * 1e300), column("c"), "inf"},
      {data(ValueKind::decimal, decimal, 10, 2), column("c"), "1234.64"},
      {text(""), column("c"), "''"},
      {text("a b"), column("c"), "a b"},
      {data(ValueKind::bytes, bytes), column("c"), "0x00ff10"},
      {invalid, column("c"), R"('a\xff')"},
      {number(ValueKind::date, pack({2024, 2, 29})), column("c"), "2024-02-29"},
      {number(ValueKind::year, 0), column("c"), "0000"},
      {number(ValueKind::bits, 5), column("c", ColumnType::bit, {}, 8), "b'00000101'"},
      {number(ValueKind::enum_index, 1), column("c", ColumnType::enum_, {"x"}), "x"},
      {number(ValueKind::enum_index, 0), column("c", ColumnType::enum_, {"x"}), "''"},
      {number(ValueKind::enum_index, 3), column("c", ColumnType::enum_), "3"},
      {number(ValueKind::set_bits, 3), column("c", ColumnType::set, {"x", "y"}), "x,y"},
      {number(ValueKind::set_bits, 3), column("c", ColumnType::set), "3"},
      {data(ValueKind::json, json), column("c", ColumnType::json), R"({"a": 1})"},
      {data(ValueKind::geometry, geometry), column("c"), "0x00000000010100"},
      {data(ValueKind::vector, floats), column("c"), "[1, 0.1]"},
      {data(ValueKind::uuid, uuid), column("c"), "6ccd780c-baba-1026-9564-5b8c656024db"},
      {data(ValueKind::inet, ip), column("c"), "192.0.2.1"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Scene scene{{column("id"), c.column}};
    const std::vector<Value> row{integer(7), c.value};
    const std::string line = Screen{}.emit(scene.change(Operation::create, {}, row)).text();
    CHECK(line.substr(line.find("  c=") + 4) == c.text + "\n");
  }
}

TEST_CASE("a terminal's width is kept: values are cut, then left out with a count") {
  const Scene scene{{column("id"), column("a"), column("b"), column("c"), column("d")}};
  const std::string word(60, 'x');
  const std::vector<Value> row{integer(7), text(word), text(word), text(word), text(word)};
  const std::string line = Screen{{false, eighty}}.emit(scene.change(Operation::create, {}, row)).text();
  CHECK(line == "03:58:20.123   INSERT  shop.orders  id=7  a=xxxxxxxxx…  b=xxxxxxxxx…  … +2 more\n");
  CHECK(columns_of(line) - 1 <= 80);
}

TEST_CASE("of two long texts the part that differs is shown") {
  const Scene scene{columns()};
  const std::string same(100, 'x'), one = same + "one", two = same + "two";
  const std::vector<Value> before{integer(7), text(one), null()}, after{integer(7), text(two), null()};
  CHECK(Screen{{false, eighty}}.emit(scene.change(Operation::update, before, after)).text() ==
        "03:58:20.123   UPDATE  shop.orders  id=7  status: …xxxxxxxxxone → …xxxxxxxxxtwo\n");
}

TEST_CASE("colours surround words and change nothing else") {
  const Scene scene{columns()};
  const std::vector<Value> before{integer(7), text("new"), null()}, after{integer(7), text("paid"), null()};
  std::string line = Screen{{true, nullptr}}.emit(scene.change(Operation::update, before, after)).text();
  CHECK(line.find("\x1b[33mUPDATE\x1b[0m") != line.npos);
  for (std::size_t at = line.find('\x1b'); at != line.npos; at = line.find('\x1b')) line.erase(at, line.find('m', at) - at + 1);
  CHECK(line == "03:58:20.123   UPDATE  shop.orders  id=7  status: new → paid\n");
}

TEST_CASE("text that could harm or mislead is made visible") {
  struct Case {
    const char* name;
    std::string_view text;
    std::string shown;
  };
  const Case cases[] = {
      {"escape sequence", "\x1b[31mred", R"('\x1b[31mred')"},
      {"line ends", "a\r\n\tb", R"('a\r\n\tb')"},
      {"zero byte", std::string_view{"a\0b", 3}, R"('a\x00b')"},
      {"C1 control", "a\u009bb", R"('a\u{9b}b')"},
      {"right-to-left override", "a\u202eb", R"('a\u{202e}b')"},
      {"zero-width space", "a\u200bb", R"('a\u{200b}b')"},
      {"byte order mark", "\ufeffa", R"('\u{feff}a')"},
      {"invisible tag", "\U000e0041", R"('\u{e0041}')"},
      {"not UTF-8", "a\xff\xc3", R"('a\xff\xc3')"},
      {"backslash beside an escape", "a\\n\n", R"('a\\n\n')"},
      {"backslash alone stays", "C:\\new", R"(C:\new)"},
      {"empty", "", "''"},
      {"null in any letter case", "Null", "'Null'"},
      {"spaces at the ends", " a ", "' a '"},
      {"two spaces, which separate fields", "a  b=c", "'a  b=c'"},
      {"a quote in front", "'a", "''a'"},
      {"accents and other scripts", "Zoë 東京 🙂", "Zoë 東京 🙂"},
      {"joined emoji", "👩‍💻", "👩‍💻"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(show_text(c.text, 80).text == c.shown);
  }
}

TEST_CASE("cutting keeps to the columns and cuts no character") {
  for (const std::string_view whole :
       {"abcdefghijklmnop", "東京東京東京東京", "a\u0301b\u0301c\u0301d\u0301e\u0301f\u0301g\u0301", "\n\n\n\n\n\n\n\n"}) {
    for (std::size_t most = 1; most < 20; ++most) {
      const Shown shown = show_text(whole, most);
      CAPTURE(shown.text);
      const std::size_t quotes = shown.text.front() == '\'' ? 2 : 0;
      CHECK(shown.columns == columns_of(shown.text));
      CHECK(shown.columns - quotes <= most);
    }
  }
  CHECK(show_text("abcdef", 4).text == "abc…");
  CHECK(show_text("東京東京", 5).text == "東京…");
  CHECK(show_hex("abcdef", 8).text == "0x616263… (6 bytes)");
}

}  // namespace
}  // namespace cdc::cli
