#include <doctest/doctest.h>

#include "encoder_scene.h"
#include "hex.h"
#include "json_documents_by_hand.h"

namespace cdc::opencdc {
namespace {

using namespace cdc::test;

Column required(std::string name, ColumnType type) {
  Column out = column(std::move(name), type);
  out.nullable = false;
  return out;
}

Scene orders() { return Scene{{required("id", ColumnType::integer), column("status"), column("note")}}; }
const Value id_7 = integer(7);

TEST_CASE("an image without some columns has a schema without them") {
  const Scene scene = orders();
  const std::vector<Value> row{id_7, absent(), text("hi")};
  Registry registry;
  const SeenRecord record = encoded(scene.change(Operation::create, {}, row), registry);
  CHECK(record.after == "raw:\x02\x0e\x02\x04hi");
  CHECK(record.metadata.at("mysql.absent") == "status");
  CHECK(record.metadata.at("opencdc.payload.schema.subject") == "shop.orders.payload.variant");
  CHECK(registry.asked.back().second ==
        R"({"type":"record","name":"orders","namespace":"shop","fields":[{"name":"id","type":["null","int"],"default":null},)"
        R"({"name":"note","type":["null","string"],"default":null}]})");
}

TEST_CASE("images that lack different columns: the older one is structured, the key is whole") {
  const Scene scene = orders();
  const std::vector<Value> before{id_7, absent(), absent()}, after{absent(), text("paid"), absent()};
  Registry registry;
  const SeenRecord record = encoded(scene.change(Operation::update, before, after), registry);
  CHECK(record.key == "raw:\x0e");
  CHECK(record.before->starts_with("struct:"));
  CHECK(record.after == "raw:\x02\x08paid");
  CHECK(record.metadata.at("mysql.absent") == "id,status,note");
}

TEST_CASE("an image without any column is an empty object, not none") {
  const Scene scene = orders();
  const std::vector<Value> row(3);
  Registry registry;
  const SeenRecord record = encoded(scene.change(Operation::create, {}, row), registry);
  CHECK(record.after == "struct:");
  CHECK(record.key == "struct:");
  CHECK(!record.metadata.contains("opencdc.payload.schema.subject"));
  CHECK(!record.metadata.contains("opencdc.key.schema.subject"));
}

TEST_CASE("whole and partial images in turns; each shape is registered once") {
  Scene scene = orders();
  const std::vector<Value> whole{id_7, null(), text("a")}, part{id_7, absent(), text("b")};
  Registry registry;
  RecordEncoder encoder{{}, registry, fixed_clock};
  for (scene.position.n = 1; scene.position.n <= 6; ++scene.position.n)
    encoder.append(scene.change(Operation::create, {}, scene.position.n % 2 == 0 ? whole : part));
  const auto records = seen_records(encoder.batch());
  for (std::size_t i = 0; i < records.size(); ++i) {
    CAPTURE(i);
    CHECK(records[i].metadata.at("mysql.seq") == std::to_string(i + 1));
    CHECK(records[i].metadata.at("opencdc.payload.schema.version") == (i % 2 == 0 ? "3" : "1"));
    CHECK(records[i].after == (i % 2 == 0 ? "raw:\x02\x0e\x02\x02"
                                            "b"
                                          : std::string("raw:\x0e\x00\x02\x02"
                                                        "a",
                                                        9)));
  }
  CHECK(registry.asked.size() == 3);
}

TEST_CASE("text that is not valid in its charset travels as bytes, under a schema that says so") {
  Scene scene = orders();
  const ExactBytes invalid = from_hex("ff");
  Value broken = data(ValueKind::bytes, invalid);
  broken.mark = ValueMark::invalid_text;
  const std::vector<Value> before{id_7, text("x"), null()}, after{id_7, broken, null()};
  Registry registry;
  const SeenRecord record = encoded(scene.change(Operation::update, before, after), registry);
  CHECK(record.metadata.at("mysql.invalidText") == "status");
  CHECK(record.metadata.at("opencdc.payload.schema.subject") == "shop.orders.payload.variant");
  CHECK(record.before == std::string("raw:\x02\x0e\x06\x02x\x00", 10));
  CHECK(record.after == std::string("raw:\x02\x0e\x08\x02\xff\x00", 10));
}

TEST_CASE("a number beyond bigintUnsigned=long is refused, and the batch stays") {
  Column big = column("big", ColumnType::bigint);
  big.is_unsigned = true;
  const Scene scene{{required("id", ColumnType::integer), big}};
  const std::vector<Value> fine{id_7, number(ValueKind::uint64, 8)}, beyond{id_7, number(ValueKind::uint64, ~std::uint64_t{0})};
  Registry registry;
  RecordForm form;
  form.values.bigint_unsigned = config::BigintUnsignedForm::long_;
  RecordEncoder encoder{form, registry, fixed_clock};
  encoder.append(scene.change(Operation::create, {}, fine));
  try {
    encoder.append(scene.change(Operation::create, {}, beyond));
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::value_unrepresentable);
    CHECK(error.message() == "`shop`.`orders`: column `big` holds a number beyond 2^63-1, and bigintUnsigned is long");
  }
  CHECK(seen_records(encoder.batch()).size() == 1);
  encoder.append(scene.change(Operation::create, {}, fine));
  CHECK(seen_records(encoder.batch()).size() == 2);
}

TEST_CASE("a table without key: the whole row is the key, under its own name") {
  Scene scene{{required("a", ColumnType::integer), column("b")}, {}};
  const std::vector<Value> row{id_7, text("x")};
  Registry registry;
  const SeenRecord record = encoded(scene.change(Operation::delete_, row, {}), registry);
  CHECK(record.metadata.at("mysql.key") == "row");
  CHECK(record.key == record.before);
  CHECK(registry.asked[1].second.find("\"orders_key\"") != std::string::npos);
}

TEST_CASE("JSON documents travel as text; one that does not decode leaves the batch as it was") {
  const Scene scene{{required("id", ColumnType::integer), column("doc", ColumnType::json)}};
  const ExactBytes empty_object = from_hex("0000000400"), broken = from_hex("00ffffffff");
  Registry registry;
  RecordEncoder encoder{{}, registry, fixed_clock};
  encoder.append(scene.change(Operation::create, {}, std::vector{id_7, data(ValueKind::json, empty_object)}));
  CHECK_THROWS_AS(encoder.append(scene.change(Operation::create, {}, std::vector{id_7, data(ValueKind::json, broken)})), Error);
  const auto records = seen_records(encoder.batch());
  REQUIRE(records.size() == 1);
  CHECK(records[0].after == "raw:\x0e\x02\x04{}");
}

TEST_CASE("changes to JSON documents travel as text and are named") {
  const Scene scene{{required("id", ColumnType::integer), column("doc", ColumnType::json)}};
  const ExactBytes list{diff(2, "$.a")}, broken{diff(2, "$.\xff")};
  const std::vector<Value> before{id_7, absent()}, after{absent(), changes(list)}, beyond{absent(), changes(broken)};
  Registry registry;
  RecordEncoder encoder{{}, registry, fixed_clock};
  CHECK_THROWS_AS(encoder.append(scene.change(Operation::update, before, beyond)), Error);
  encoder.append(scene.change(Operation::update, before, after));
  const auto records = seen_records(encoder.batch());
  REQUIRE(records.size() == 1);
  const std::string text = R"([{"op": "remove", "path": "$.a"}])";
  CHECK(records[0].after == "raw:\x02" + std::string(1, static_cast<char>(2 * text.size())) + text);
  CHECK(records[0].metadata.at("mysql.jsondiff") == "doc");
  CHECK(records[0].metadata.at("mysql.absent") == "id,doc");
  CHECK(records[0].key == "raw:\x0e");
}

TEST_CASE("further shapes than may be registered travel structured") {
  std::vector<Column> columns;
  for (unsigned i = 0; i < 10; ++i) columns.push_back(column("c" + std::to_string(i)));
  const Scene scene{columns};
  Registry registry;
  RecordEncoder encoder{{}, registry, fixed_clock};
  for (unsigned shape = 0; shape < 512; ++shape) {
    std::vector<Value> row{text("k")};
    for (unsigned i = 0; i < 9; ++i) row.push_back((shape >> i & 1) != 0 ? text("v") : absent());
    encoder.append(scene.change(Operation::create, {}, row));
  }
  const auto records = seen_records(encoder.batch());
  CHECK(registry.asked.size() == 2 + 256);
  CHECK(records[100].after->starts_with("raw:"));
  CHECK(records[400].after->starts_with("struct:"));
  CHECK(records[511].after->starts_with("raw:"));
}

}  // namespace
}  // namespace cdc::opencdc
