#include "snapshot_emitter.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "exact_bytes.h"

namespace cdc::capture {
namespace {

using snapshot::RangeBoard;
using snapshot::TableList;

/// `value@open ranges#number` of each record, as the sink got it.
struct RecordingSink final : ChangeSink {
  std::vector<std::string> records;
  std::uint64_t ordinal = 0;
  bool constant_part_kept = true;  ///< Within one ordinal.
  std::string last_text;

  void on_change(const Change& change) override {
    CHECK(change.operation == Operation::snapshot);
    PositionText text;
    text.render(change.position);
    if (ordinal == change.transaction.ordinal && text.before_n() != last_text) constant_part_kept = false;
    ordinal = change.transaction.ordinal;
    last_text = text.before_n();
    std::string record = std::to_string(change.after[0].i64) + '@';
    if (!change.position.binlog()->snap) record += "stream";
    if (change.position.binlog()->snap)
      for (const SnapshotRange& range : change.position.binlog()->snap->open) record += range.table + (range.next.empty() ? "" : "+");
    records.push_back(record + '#' + std::to_string(change.position.n));
  }
};

SnapshotTable integer_table(const std::string& name) {
  catalog::CatalogTable known;
  known.schema = "s";
  known.table = name;
  known.columns.emplace_back();
  known.columns[0].column.name = "id";
  known.columns[0].column.type = ColumnType::integer;
  known.columns[0].type_text = "int";
  known.primary_key = {{0, 0}};
  const config::Settings settings;
  return build_snapshot_table(known, mysql::Flavor::mariadb, settings, config::ColumnRules{settings});
}

struct Scene {
  const config::Settings settings;
  const SnapshotTable a = integer_table("a"), b = integer_table("b");
  const TableList tables{{"s", "a"}, {"s", "b"}};
  BinlogPosition position;
  RecordingSink sink;

  Scene() {
    position.file = "b.1";
    position.at = 4;
    position.snap = SnapshotProgress{"1", {}, {}};
  }
  /// Hands over rows of one column, which nobody can read any more afterwards.
  static void deliver(SnapshotEmitter& emitter, const SnapshotTable& table, RangeBoard::Range* range, const std::vector<std::string>& texts,
                      bool ends) {
    std::vector<ExactBytes> bytes;
    for (const std::string& text : texts) {
      std::string packed;
      const std::optional<std::string_view> fields[] = {text};
      mysql::pack_row(packed, fields);
      bytes.emplace_back(packed);
    }
    const std::vector<mysql::PackedRow> rows(bytes.begin(), bytes.end());
    emitter.deliver({.rows = rows, .table = &table, .range = range, .ends_range = ends});
  }
};

}  // namespace

TEST_CASE("records say what was open before their batch; the last one is the stream's start") {
  Scene scene;
  RangeBoard board{scene.tables, *scene.position.snap};
  SnapshotEmitter emitter{scene.settings, scene.position, scene.sink};
  emitter.begin(board);
  auto* const a = board.take();
  auto* const b = board.take();
  const auto deliver = [&](const SnapshotTable& table, RangeBoard::Range* range, const std::vector<std::string>& rows, bool ends) {
    Scene::deliver(emitter, table, range, rows, ends);
  };
  deliver(scene.a, a, {"1", "2"}, false);
  deliver(scene.b, b, {"7", "8"}, true);
  deliver(scene.a, a, {"3"}, false);
  deliver(scene.a, a, {"4", "5"}, false);
  deliver(scene.a, a, {}, true);
  CHECK(scene.sink.records == std::vector<std::string>{"1@ab#1", "2@ab#2", "7@a+b#3", "8@a+b#4", "3@a+#5", "4@a+#6"});
  emitter.finish();
  CHECK(scene.sink.records.back() == "5@stream#0");
  CHECK(scene.sink.records.size() == 7);
  CHECK(scene.sink.constant_part_kept);
  CHECK(emitter.rows() == 7);
  CHECK_FALSE(scene.position.snap.has_value());
}

TEST_CASE("without rows there is no record, and the position is the stream's") {
  Scene scene;
  RangeBoard board{scene.tables, *scene.position.snap};
  SnapshotEmitter emitter{scene.settings, scene.position, scene.sink};
  emitter.begin(board);
  for (auto* range = board.take(); range != nullptr; range = board.take()) {
    Scene::deliver(emitter, range->table == 0 ? scene.a : scene.b, range, {}, true);
  }
  emitter.finish();
  CHECK(scene.sink.records.empty());
  CHECK_FALSE(scene.position.snap.has_value());
}

TEST_CASE("another board begins at what was delivered, and what was held back is read again") {
  Scene scene;
  SnapshotEmitter emitter{scene.settings, scene.position, scene.sink};
  {
    RangeBoard board{scene.tables, *scene.position.snap};
    emitter.begin(board);
    Scene::deliver(emitter, scene.a, board.take(), {"1", "2"}, false);
  }
  RangeBoard board{scene.tables, *scene.position.snap};
  emitter.begin(board);
  auto* const again = board.take();
  REQUIRE(again != nullptr);
  CHECK(again->next.empty());
  Scene::deliver(emitter, scene.a, again, {"1", "2"}, true);
  emitter.finish();
  CHECK(scene.sink.records == std::vector<std::string>{"1@a#1", "1@a#2", "2@stream#0"});
}

}  // namespace cdc::capture
