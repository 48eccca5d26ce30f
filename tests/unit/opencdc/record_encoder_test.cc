#include "cdc/opencdc/record_encoder.h"

#include <doctest/doctest.h>

#include "encoder_scene.h"
#include "hex.h"

namespace cdc::opencdc {
namespace {

using namespace cdc::test;

Column required(std::string name, ColumnType type) {
  Column out = column(std::move(name), type);
  out.nullable = false;
  return out;
}

Scene orders() { return Scene{{required("id", ColumnType::integer), column("status")}}; }
const Value id_7 = integer(7);

TEST_CASE("a whole record of each operation") {
  const Scene scene = orders();
  const std::vector<Value> before{id_7, text("new")}, after{id_7, text("paid")};
  const std::string key = "raw:\x0e", old = "raw:\x0e\x02\x06new", fresh = "raw:\x0e\x02\x08paid";
  Registry registry;

  const SeenRecord create = encoded(scene.change(Operation::create, {}, after), registry);
  CHECK(create.position == to_text(scene.position));
  CHECK(create.operation == 1);
  CHECK(create.key == key);
  CHECK(!create.before);
  CHECK(create.after == fresh);
  CHECK(create.metadata == std::map<std::string, std::string>{{"mysql.seq", "1"},
                                                              {"mysql.txn", "0-1-8"},
                                                              {"opencdc.collection", "shop.orders"},
                                                              {"opencdc.createdAt", "1700000000123456000"},
                                                              {"opencdc.key.schema.subject", "shop.orders.key"},
                                                              {"opencdc.key.schema.version", "2"},
                                                              {"opencdc.payload.schema.subject", "shop.orders.payload"},
                                                              {"opencdc.payload.schema.version", "1"},
                                                              {"opencdc.readAt", "1700000000200000000"},
                                                              {"opencdc.version", "v1"}});

  const SeenRecord update = encoded(scene.change(Operation::update, before, after), registry);
  CHECK(update.operation == 2);
  CHECK(update.before == old);
  CHECK(update.after == fresh);

  const SeenRecord deleted = encoded(scene.change(Operation::delete_, before, {}), registry);
  CHECK(deleted.operation == 3);
  CHECK(deleted.key == key);
  CHECK(deleted.before == old);
  CHECK(!deleted.after);

  const SeenRecord snapshot = encoded(scene.change(Operation::snapshot, {}, after), registry);
  CHECK(snapshot.operation == 4);
  CHECK(!snapshot.metadata.contains("opencdc.createdAt"));
}

TEST_CASE("lean metadata, full metadata, and the short collection") {
  Scene scene = orders();
  const std::vector<Value> row{id_7, null()};
  Registry registry;
  RecordForm form;
  form.metadata = config::MetadataLevel::lean;
  form.collection = config::CollectionForm::table;
  const SeenRecord lean = encoded(scene.change(Operation::create, {}, row), registry, form);
  CHECK(lean.metadata.size() == 5);
  CHECK(lean.metadata.at("opencdc.collection") == "orders");
  CHECK(lean.metadata.at("opencdc.key.schema.subject") == "orders.key");

  form.metadata = config::MetadataLevel::full;
  scene.transaction.sql = "INSERT \xff";
  scene.transaction.thread_id = 9;
  const SeenRecord full = encoded(scene.change(Operation::create, {}, row), registry, form);
  CHECK(full.metadata.at("mysql.file") == "binlog.000001");
  CHECK(full.metadata.at("mysql.pos") == "4");
  CHECK(full.metadata.at("mysql.thread") == "9");
  CHECK(full.metadata.at("mysql.sql") == "INSERT \xef\xbf\xbd");
}

TEST_CASE("numbers of records grow in position and metadata, over a digit more too") {
  Scene scene = orders();
  const std::vector<Value> row{id_7, text("new")};
  Registry registry;
  RecordEncoder encoder{{}, registry, fixed_clock};
  for (scene.position.n = 1; scene.position.n <= 1001; ++scene.position.n) encoder.append(scene.change(Operation::create, {}, row));
  const auto records = seen_records(encoder.batch());
  REQUIRE(records.size() == 1001);
  for (std::size_t i = 0; i < records.size(); ++i) {
    scene.position.n = i + 1;
    CHECK(records[i].position == to_text(scene.position));
    CHECK(records[i].metadata.at("mysql.seq") == std::to_string(i + 1));
  }
  CHECK(encoder.batch().last_position() == records.back().position);
  CHECK(registry.asked.size() == 2);
}

TEST_CASE("each transaction, table and operation has its own metadata") {
  Scene first = orders();
  Scene second{{required("k", ColumnType::bigint)}};
  second.table.table = "lines";
  second.table.id = 1;
  const std::vector<Value> row{id_7, text("x")}, line{integer(3)};
  Registry registry;
  RecordEncoder encoder{{}, registry, fixed_clock};
  encoder.append(first.change(Operation::create, {}, row));
  encoder.append(second.change(Operation::create, {}, line));
  first.next_transaction();
  first.transaction.id = "0-1-9";
  encoder.append(first.change(Operation::delete_, row, {}));
  encoder.append(first.change(Operation::create, {}, row));
  const auto records = seen_records(encoder.batch());
  CHECK(records[1].metadata.at("opencdc.collection") == "shop.lines");
  CHECK(records[1].after == "raw:\x06");
  CHECK(records[2].metadata.at("mysql.txn") == "0-1-9");
  CHECK(records[2].operation == 3);
  CHECK(records[3].operation == 1);
}

TEST_CASE("the clock is read again after 64 records, whatever is between them") {
  static std::uint64_t now;
  now = 1'700'000'000'000'000'000;
  const Scene scene = orders();
  const std::vector<Value> row{id_7, null()};
  Registry registry;
  RecordEncoder encoder{{}, registry, []() noexcept { return now++; }};
  for (unsigned i = 0; i < 100; ++i)
    encoder.append(i % 2 == 0 ? scene.change(Operation::create, {}, row) : scene.change(Operation::delete_, row, {}));
  const auto records = seen_records(encoder.batch());
  CHECK(records[0].metadata.at("opencdc.readAt") == "1700000000000000000");
  CHECK(records[63].metadata.at("opencdc.readAt") == "1700000000000000000");
  CHECK(records[99].metadata.at("opencdc.readAt") == "1700000000000000001");
}

TEST_CASE("a batch is taken, and the next one begins") {
  const Scene scene = orders();
  const std::vector<Value> row{id_7, null()};
  Registry registry;
  RecordEncoder encoder{{}, registry, fixed_clock};
  RecordBatch batch;
  encoder.take(batch);
  CHECK(batch.empty());
  CHECK(batch.last_position().empty());
  encoder.append(scene.change(Operation::create, {}, row));
  encoder.take(batch);
  CHECK(batch.record_count() == 1);
  CHECK(batch.last_position() == to_text(scene.position));
  CHECK(encoder.batch().empty());
  CHECK(encoder.batch().size_bytes() == 0);
  encoder.append(scene.change(Operation::create, {}, row));
  encoder.take(batch);
  CHECK(seen_records(batch).size() == 1);
}

TEST_CASE("without schemas all is structured, and metadata names none") {
  const Scene scene = orders();
  const std::vector<Value> row{id_7, text("new")};
  Registry registry;
  RecordForm form;
  form.payload_schema = form.key_schema = false;
  const SeenRecord record = encoded(scene.change(Operation::create, {}, row), registry, form);
  CHECK(record.key->starts_with("struct:"));
  CHECK(record.after->starts_with("struct:"));
  CHECK(!record.metadata.contains("opencdc.payload.schema.subject"));
  CHECK(registry.asked.empty());
}

TEST_CASE("subjects have the context and the names of the settings") {
  const Scene scene = orders();
  const std::vector<Value> row{id_7, null()};
  Registry registry;
  RecordForm form;
  form.context = "pipe:src";
  form.payload_subject = "rows";
  form.key_subject = "keys";
  encoded(scene.change(Operation::create, {}, row), registry, form);
  CHECK(registry.asked[0].first == "pipe:src:shop.orders.rows");
  CHECK(registry.asked[1].first == "pipe:src:shop.orders.keys");
}

TEST_CASE("a registry that refuses leaves the batch as it was and is asked again") {
  const Scene scene = orders();
  const std::vector<Value> row{id_7, null()};
  Registry registry;
  RecordEncoder encoder{{}, registry, fixed_clock};
  registry.refuses = true;
  CHECK_THROWS_AS(encoder.append(scene.change(Operation::create, {}, row)), Error);
  CHECK(encoder.batch().empty());
  CHECK(encoder.batch().size_bytes() == 0);
  registry.refuses = false;
  encoder.append(scene.change(Operation::create, {}, row));
  CHECK(seen_records(encoder.batch()).at(0).metadata.at("opencdc.payload.schema.version") == "1");
}

TEST_CASE("a large row") {
  const Scene scene = orders();
  const std::string large(std::size_t{3} << 20, 'x');
  const std::vector<Value> row{id_7, text(large)}, small{id_7, text("y")};
  Registry registry;
  RecordEncoder encoder{{}, registry, fixed_clock};
  encoder.append(scene.change(Operation::update, small, row));
  encoder.append(scene.change(Operation::update, row, small));
  const auto records = seen_records(encoder.batch());
  CHECK(records[0].after->ends_with(large));
  CHECK(records[0].before == "raw:\x0e\x02\x02y");
  CHECK(records[1].before == records[0].after);
  RecordBatch batch;
  encoder.take(batch);
  batch.clear(1024);
  CHECK(batch.size_bytes() == 0);
}

}  // namespace
}  // namespace cdc::opencdc
