#include "cdc/cli/json_sink.h"

#include <doctest/doctest.h>

#include <bit>
#include <limits>

#include "cdc/base/error.h"
#include "cdc/base/numbers.h"
#include "hex.h"
#include "json_documents_by_hand.h"
#include "json_text.h"
#include "scene.h"

namespace cdc::cli {
namespace {

using namespace cdc::test;

std::uint64_t fixed_clock() noexcept { return 1'700'000'000'200'000'000; }

std::string print(const Change& change, const RecordForm& form = {}) {
  Captured captured;
  JsonSink sink{captured.output(), form, fixed_clock};
  sink.on_change(change);
  return captured.text();
}

std::string base64(std::string_view text) {
  std::string out(base64_size(text.size()), '\0');
  write_base64(out.data(), text.data(), text.size());
  return out;
}

/// The part of a record between two pieces of text.
std::string between(const std::string& record, std::string_view begin, std::string_view end) {
  const std::size_t from = record.find(begin);
  REQUIRE(from != record.npos);
  const std::size_t to = record.find(end, from + begin.size());
  REQUIRE(to != record.npos);
  return record.substr(from + begin.size(), to - from - begin.size());
}

std::string metadata_of(const std::string& record) { return between(record, "\"metadata\":", ",\"key\":"); }

TEST_CASE("a whole record of each operation") {
  const Scene scene{{column("id"), column("status")}};
  const std::vector<Value> before{integer(7), text("new")}, after{integer(7), text("paid")};
  const std::string head = "{\"position\":\"" + base64(to_text(scene.position)) + "\",\"operation\":\"";
  const std::string metadata =
      R"(","metadata":{"mysql.seq":"1","mysql.txn":"0-1-8","opencdc.collection":"shop.orders",)"
      R"("opencdc.createdAt":"1700000000123456000","opencdc.readAt":"1700000000200000000","opencdc.version":"v1"},"key":{"id":7},"payload":)";
  CHECK(print(scene.change(Operation::create, {}, after)) ==
        head + "create" + metadata + R"({"before":null,"after":{"id":7,"status":"paid"}}})" + "\n");
  CHECK(print(scene.change(Operation::update, before, after)) ==
        head + "update" + metadata + R"({"before":{"id":7,"status":"new"},"after":{"id":7,"status":"paid"}}})" + "\n");
  CHECK(print(scene.change(Operation::delete_, before, {})) ==
        head + "delete" + metadata + R"({"before":{"id":7,"status":"new"},"after":null}})" + "\n");
}

TEST_CASE("values in the forms that settings ask for") {
  using namespace config;
  const ExactBytes decimal = from_hex("800004d240"), bytes = from_hex("00ff"),
                   point = from_hex("e610000001010000000000000000000000000000000000f03f");
  Column big = column("c", ColumnType::bigint);
  big.is_unsigned = true;
  const Value date = number(ValueKind::date, pack({.year = 1970, .month = 1, .day = 3})), no_date = number(ValueKind::date, 0);
  const Value largest = number(ValueKind::uint64, ~std::uint64_t{0});
  struct Case {
    std::string name;
    Column column;
    Value value;
    ValueForms forms;
    std::string expected;  ///< Empty: refused.
  };
  const Case cases[] = {
      {"decimal as double",
       column("c", ColumnType::decimal),
       data(ValueKind::decimal, decimal, 10, 2),
       {.decimal = DecimalForm::double_},
       "1234.64"},
      {"decimal as avro",
       column("c", ColumnType::decimal),
       data(ValueKind::decimal, decimal, 10, 2),
       {.decimal = DecimalForm::avro},
       R"("1234.64")"},
      {"bigint unsigned as string", big, integer(7), {.bigint_unsigned = BigintUnsignedForm::string}, R"("7")"},
      {"bigint unsigned as long, beyond it", big, largest, {.bigint_unsigned = BigintUnsignedForm::long_}, ""},
      {"date as iso", column("c", ColumnType::date), date, {.temporal = TemporalForm::iso}, R"("1970-01-03")"},
      {"date as epoch", column("c", ColumnType::date), date, {.temporal = TemporalForm::epoch}, "2"},
      {"no date", column("c", ColumnType::date), no_date, {.temporal = TemporalForm::epoch}, "null"},
      {"no date, refused", column("c", ColumnType::date), no_date, {.temporal = TemporalForm::iso, .zero_dates = ZeroDates::fail}, ""},
      {"bits as number", column("c", ColumnType::bit, {}, 9), number(ValueKind::bits, 5), {.bits = BitsForm::number}, "5"},
      {"bits as text", column("c", ColumnType::bit, {}, 4), number(ValueKind::bits, 5), {.bits = BitsForm::text}, R"("0101")"},
      {"bytes as base64", column("c", ColumnType::blob), data(ValueKind::bytes, bytes), {.binary = BinaryForm::base64}, R"("AP8=")"},
      {"bytes as hex", column("c", ColumnType::blob), data(ValueKind::bytes, bytes), {.binary = BinaryForm::hex}, R"("00ff")"},
      {"geometry without SRID",
       column("c", ColumnType::geometry),
       data(ValueKind::geometry, point),
       {.geometry = GeometryForm::wkb},
       R"("AQEAAAAAAAAAAAAAAAAAAAAAAPA/")"},
      {"geometry as hex",
       column("c", ColumnType::geometry),
       data(ValueKind::geometry, point),
       {.geometry = GeometryForm::hex},
       R"("0101000020e61000000000000000000000000000000000f03f")"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Scene scene{{column("id"), c.column}};
    const std::vector<Value> row{integer(7), c.value};
    const Change change = scene.change(Operation::create, {}, row);
    RecordForm form;
    form.values = c.forms;
    if (c.expected.empty()) {
      CHECK_THROWS_AS(print(change, form), Error);
    } else {
      CHECK(between(print(change, form), "\"after\":{\"c\":", ",\"id\"") == c.expected);
    }
  }
}

TEST_CASE("large bytes as hex") {
  const std::string large(std::size_t{1} << 20, '\xab');
  const Scene scene{{column("id"), column("c", ColumnType::blob)}};
  RecordForm form;
  form.values.binary = config::BinaryForm::hex;
  const std::vector<Value> row{integer(7), data(ValueKind::bytes, std::as_bytes(std::span{large}))};
  const std::string hex = between(print(scene.change(Operation::create, {}, row), form), "\"c\":\"", "\"");
  CHECK(hex.size() == 2 * large.size());
  CHECK(hex.find_first_not_of("ab") == hex.npos);
}

TEST_CASE("a snapshot record has no commit time") {
  const Scene scene{{column("id")}};
  const std::vector<Value> row{integer(7)};
  const std::string record = print(scene.change(Operation::snapshot, {}, row));
  CHECK(record.find("\"operation\":\"snapshot\"") != record.npos);
  CHECK(record.find("createdAt") == record.npos);
}

TEST_CASE("values of every kind") {
  const ExactBytes decimal = from_hex("800004d240"), point = from_hex("e610000001010000000000000000000000000000000000f03f"),
                   plain_point = from_hex("0000000001010000000000000000000000000000000000f03f"), short_geometry = from_hex("00000000ff"),
                   floats = from_hex("0000803fcdcccc3d95bfd633"), bytes = from_hex("00ff10"), empty = from_hex(""),
                   uuid = from_hex("6ccd780cbaba102695645b8c656024db"), ip4 = from_hex("c0000201"),
                   ip6 = from_hex("20010db8000000000000000000000001"), json = from_hex("0001000c000b0001000501006100");
  const std::uint64_t moment = pack({2024, 2, 29, 23, 59, 58, 123'000});
  struct Case {
    const char* name;
    Value value;
    Column column;
    std::string text;
  };
  Value fraction = number(ValueKind::datetime, moment);
  fraction.fraction_digits = 3;
  const Case cases[] = {
      {"null", null(), column("c"), "null"},
      {"smallest integer", integer(INT64_MIN), column("c"), "-9223372036854775808"},
      {"largest unsigned of a long", number(ValueKind::uint64, INT64_MAX), column("c"), "9223372036854775807"},
      {"largest unsigned: text, as a destination has it", number(ValueKind::uint64, UINT64_MAX), column("c"), R"("18446744073709551615")"},
      {"sign not logged, 1 byte", number(ValueKind::sign_unknown, static_cast<std::uint64_t>(-1), 1), column("c"), "\"-1 (255)\""},
      {"sign not logged, 4 bytes", number(ValueKind::sign_unknown, static_cast<std::uint64_t>(-1), 4), column("c"), "\"-1 (4294967295)\""},
      {"sign not logged, 8 bytes", number(ValueKind::sign_unknown, static_cast<std::uint64_t>(-1), 8), column("c"),
       "\"-1 (18446744073709551615)\""},
      {"float", real(ValueKind::float32, static_cast<double>(0.1F)), column("c"), "0.1"},
      {"double", real(ValueKind::float64, 0.1), column("c"), "0.1"},
      {"whole double", real(ValueKind::float64, 1), column("c"), "1"},
      {"negative zero", real(ValueKind::float64, -0.0), column("c"), "-0"},
      {"large double", real(ValueKind::float64, 1e21), column("c"), "1e+21"},
      {"small double, two digits of exponent", real(ValueKind::float64, 1e-7), column("c"), "1e-07"},
      {"smaller double", real(ValueKind::float64, 5e-324), column("c"), "5e-324"},
      {"no number", real(ValueKind::float64, std::bit_cast<double>(0x7ff8000000000000ULL)), column("c"), R"("NaN")"},
      {"no number but a direction", real(ValueKind::float32, -std::numeric_limits<double>::infinity()), column("c"), R"("-Infinity")"},
      {"decimal", data(ValueKind::decimal, decimal, 10, 2), column("c"), R"("1234.64")"},
      {"text", text("a\"<é"), column("c"), R"("a\"\u003cé")"},
      {"empty text", text(""), column("c"), R"("")"},
      {"bytes", data(ValueKind::bytes, bytes), column("c"), R"("AP8Q")"},
      {"no bytes", data(ValueKind::bytes, empty), column("c"), R"("")"},
      {"date", number(ValueKind::date, pack({2024, 2, 29})), column("c"), R"("2024-02-29")"},
      {"zero date", number(ValueKind::date, 0), column("c"), R"("0000-00-00")"},
      {"datetime", fraction, column("c"), R"("2024-02-29 23:59:58.123")"},
      {"timestamp", number(ValueKind::timestamp, 1'700'000'000'000'000), column("c"), R"("2023-11-14 22:13:20")"},
      {"time", number(ValueKind::time, static_cast<std::uint64_t>(-3'020'399'000'000)), column("c"), R"("-838:59:59")"},
      {"year", number(ValueKind::year, 2024), column("c"), "2024"},
      {"year zero", number(ValueKind::year, 0), column("c"), "0"},
      {"bits", number(ValueKind::bits, 0x101), column("c", ColumnType::bit, {}, 9), R"("AQE=")"},
      {"one bit", number(ValueKind::bits, 1), column("c", ColumnType::bit, {}, 1), R"("AQ==")"},
      {"enum", number(ValueKind::enum_index, 2), column("c", ColumnType::enum_, {"a", "b\""}), R"("b\"")"},
      {"the enum error value", number(ValueKind::enum_index, 0), column("c", ColumnType::enum_, {"a"}), R"("")"},
      {"an enum without labels", number(ValueKind::enum_index, 2), column("c", ColumnType::enum_), "2"},
      {"an enum beyond its labels", number(ValueKind::enum_index, 2), column("c", ColumnType::enum_, {"a"}), "2"},
      {"set", number(ValueKind::set_bits, 5), column("c", ColumnType::set, {"p", "q", "r<"}), R"("p,r\u003c")"},
      {"empty set", number(ValueKind::set_bits, 0), column("c", ColumnType::set, {"p"}), R"("")"},
      {"a set without labels", number(ValueKind::set_bits, 5), column("c", ColumnType::set), "5"},
      {"json", data(ValueKind::json, json), column("c", ColumnType::json), R"("{\"a\": 1}")"},
      {"json null", data(ValueKind::json, empty), column("c", ColumnType::json), R"("null")"},
      {"geometry with a reference system", data(ValueKind::geometry, point), column("c"), R"("AQEAACDmEAAAAAAAAAAAAAAAAAAAAADwPw==")"},
      {"geometry without", data(ValueKind::geometry, plain_point), column("c"), R"("AQEAAAAAAAAAAAAAAAAAAAAAAPA/")"},
      {"geometry that is none", data(ValueKind::geometry, short_geometry), column("c"), R"("AAAAAP8=")"},
      {"vector", data(ValueKind::vector, floats), column("c"), "[1,0.1,1e-07]"},
      {"empty vector", data(ValueKind::vector, empty), column("c"), "[]"},
      {"uuid", data(ValueKind::uuid, uuid), column("c"), R"("6ccd780c-baba-1026-9564-5b8c656024db")"},
      {"inet4", data(ValueKind::inet, ip4), column("c"), R"("192.0.2.1")"},
      {"inet6", data(ValueKind::inet, ip6), column("c"), R"("2001:db8::1")"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Scene scene{{column("id"), c.column}};
    const std::vector<Value> row{integer(7), c.value};
    CHECK(between(print(scene.change(Operation::create, {}, row)), "\"after\":{\"c\":", ",\"id\":7}}}\n") == c.text);
  }
}

TEST_CASE("fields stand in the order of their escaped names, as the host sorts them") {
  const Scene scene{{column("a"), column("a!"), column("a\""), column("a5"), column("Z"), column("é"), column("a<")}};
  const std::vector<Value> row{integer(1), integer(2), integer(3), integer(4), integer(5), integer(6), integer(7)};
  CHECK(between(print(scene.change(Operation::create, {}, row)), "\"after\":", "}}\n") ==
        R"({"Z":5,"a!":2,"a":1,"a5":4,"a\"":3,"a\u003c":7,"é":6})");
}

TEST_CASE("names longer than a block") {
  const std::string name(70, 'n');
  const Scene scene{{column(name), column(name + "2")}};
  const std::vector<Value> row{integer(1), integer(2)};
  CHECK(between(print(scene.change(Operation::create, {}, row)), "\"after\":", "}}\n") == "{\"" + name + "\":1,\"" + name + "2\":2}");
}

TEST_CASE("metadata levels") {
  Scene scene{{column("id")}};
  scene.transaction.thread_id = 9;
  scene.transaction.sql = "UPDATE `t` SET a=1 /* \xff< */";
  const std::vector<Value> row{integer(7)};
  const Change change = scene.change(Operation::create, {}, row);
  CHECK(metadata_of(print(change, {config::MetadataLevel::lean, config::CollectionForm::table})) == R"({"opencdc.collection":"orders"})");
  CHECK(metadata_of(print(change, {config::MetadataLevel::full})) ==
        R"({"mysql.file":"binlog.000001","mysql.pos":"4","mysql.seq":"1","mysql.serverId":"7","mysql.sql":"UPDATE `t` SET a=1 /* )"
        "\xef\xbf\xbd"
        R"(\u003c */","mysql.thread":"9","mysql.txn":"0-1-8","opencdc.collection":"shop.orders",)"
        R"("opencdc.createdAt":"1700000000123456000","opencdc.readAt":"1700000000200000000","opencdc.version":"v1"})");
}

TEST_CASE("absent columns are left out and named; the key comes from the other image") {
  const Scene scene{{column("id"), column("a"), column("b")}};
  const std::vector<Value> before{integer(7), absent(), absent()}, after{absent(), integer(1), absent()};
  const std::string record = print(scene.change(Operation::update, before, after));
  CHECK(record.find(R"("mysql.absent":"id,a,b")") != record.npos);
  CHECK(record.find(R"("key":{"id":7},"payload":{"before":{"id":7},"after":{"a":1}}})") != record.npos);
  const std::vector<Value> nothing{absent(), absent(), absent()};
  CHECK(print(scene.change(Operation::create, {}, nothing)).find(R"("after":{}}})") != std::string::npos);
}

TEST_CASE("marks, key changes and missing names are told") {
  Scene scene{{column("id"), column("a"), column("b"), column("c")}};
  scene.table.positional = true;
  std::vector<Value> row{integer(7), text("x"), text("y"), text("z")};
  row[1].mark = ValueMark::invalid_text;
  row[2].mark = ValueMark::unknown_charset;
  Change change = scene.change(Operation::create, {}, row);
  change.key_change = KeyChange::new_key;
  CHECK(metadata_of(print(change, {config::MetadataLevel::lean})) ==
        R"({"mysql.columns":"positional","mysql.invalidText":"a","mysql.keychange":"new",)"
        R"("mysql.unknownCharset":"b","opencdc.collection":"shop.orders"})");
}

TEST_CASE("changes to JSON documents are their list, and named") {
  const Scene scene{{column("id"), column("j", ColumnType::json)}};
  const ExactBytes list{diff(0, "$.\"a b\"", std::string{"\x04\x01", 2})};
  const std::vector<Value> before{integer(7), absent()}, after{absent(), changes(list)};
  const std::string record = print(scene.change(Operation::update, before, after));
  CHECK(record.find(R"("mysql.absent":"id,j","mysql.jsondiff":"j","mysql.seq")") != record.npos);
  CHECK(record.find(R"("after":{"j":"[{\"op\": \"replace\", \"path\": \"$.\\\"a b\\\"\", \"value\": true}]"}}})") != record.npos);
}

TEST_CASE("without a key the whole row is one: of an update, as it was") {
  const Scene scene{{column("a"), column("b")}, {}};
  const std::vector<Value> before{integer(1), integer(2)}, after{integer(1), integer(3)};
  const std::string record = print(scene.change(Operation::update, before, after));
  CHECK(record.find(R"("mysql.key":"row")") != record.npos);
  CHECK(record.find(R"("key":{"a":1,"b":2},)") != record.npos);
}

TEST_CASE("what is rendered once does not stick to the next transaction, table or operation") {
  Captured captured;
  JsonSink sink{captured.output(), {config::MetadataLevel::full}, fixed_clock};
  Scene one{{column("id")}}, other{{column("id")}};
  other.table.id = 1;
  other.table.table = "stock";
  const std::vector<Value> row{integer(7)};
  std::string expected;
  const auto emit = [&](const Scene& scene, Operation operation) {
    const Change change = scene.change(operation, operation == Operation::create ? std::span<const Value>{} : row,
                                       operation == Operation::delete_ ? std::span<const Value>{} : row);
    sink.on_change(change);
    expected += print(change, {config::MetadataLevel::full});
  };
  for (int round = 0; round < 3; ++round) {
    emit(one, Operation::create);
    one.position.n = 2;
    emit(one, Operation::create);
    emit(one, Operation::delete_);
    emit(other, Operation::create);
    one.transaction.sql = "statement " + std::to_string(round);
    emit(one, Operation::create);
    one.next_transaction();
    one.transaction.id = "0-1-" + std::to_string(round);
    one.position.gtid = "0-1-" + std::to_string(round);
    other.transaction = one.transaction;
    other.position = one.position;
  }
  CHECK(captured.text() == expected);
}

TEST_CASE("rows too large for the buffer are written as others are") {
  std::string large;
  while (large.size() < 900'000) large += "0123456789\u20ac\n<😀";
  const std::vector<float> floats(300'000, 1.5F);
  std::string escaped(6 * large.size() + 16, '\0'), numbers = "[1.5";
  escaped.resize(static_cast<std::size_t>(write_json_escaped(escaped.data(), large.data(), large.size()) - escaped.data()));
  for (std::size_t i = 1; i < floats.size(); ++i) numbers += ",1.5";
  std::string geometry = std::string{"\xe6\x10\0\0\1\1\0\0\0", 9} + large;
  struct Case {
    const char* name;
    Value value;
    std::string expected;
  };
  const Case cases[] = {
      {"text", text(large), '"' + escaped + '"'},
      {"bytes", data(ValueKind::bytes, std::as_bytes(std::span{large})), '"' + base64(large) + '"'},
      {"vector", data(ValueKind::vector, std::as_bytes(std::span{floats})), numbers + ']'},
      {"geometry", data(ValueKind::geometry, std::as_bytes(std::span{geometry})),
       '"' + base64(std::string{"\1\1\0\0\x20\xe6\x10\0\0", 9} + large) + '"'},
  };
  const Scene scene{{column("id"), column("c"), column("d")}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const std::vector<Value> row{integer(7), c.value, null()};
    const std::string record = print(scene.change(Operation::create, {}, row));
    CHECK(record.ends_with(",\"d\":null,\"id\":7}}}\n"));
    const bool same = between(record, "\"after\":{\"c\":", ",\"d\":null") == c.expected;  // not printed: a megabyte
    CHECK(same);
  }
}

TEST_CASE("a malformed document leaves nothing of its line") {
  const Scene scene{{column("id"), column("doc", ColumnType::json)}};
  const ExactBytes malformed = from_hex("00ffff");
  const std::vector<Value> row{integer(7), data(ValueKind::json, malformed)};
  Captured captured;
  JsonSink sink{captured.output(), {}, fixed_clock};
  try {
    sink.on_change(scene.change(Operation::create, {}, row));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::value_malformed);
    CHECK(error.message() == "column `doc` of `shop`.`orders`: the JSON document does not decode");
  }
  CHECK(captured.text().empty());
}

}  // namespace
}  // namespace cdc::cli
