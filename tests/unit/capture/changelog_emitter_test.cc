#include "changelog_emitter.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "cdc/base/error.h"

namespace cdc::capture {
namespace {

const ChangelogPosition begun{.epoch = "e", .seq = 4, .id = 14, .n = 0, .rules = "89abcdef"};

/// shop.t (id INT key, v INT), as its triggers keep it.
ChangelogTable table_of(bool whole_before) {
  const config::Settings settings;
  const config::ColumnRules rules{settings};
  catalog::CatalogTable now{"shop", "t", {}, {{0, 0}}, 0, false};
  for (const char* name : {"id", "v"}) {
    auto& added = now.columns.emplace_back();
    added.column.name = name;
    added.column.type = ColumnType::integer;
    added.type_text = "int";
  }
  catalog::RegisteredTable made;
  made.columns = {{"id", "int", "", 1, true, true}, {"v", "int", "", 0, whole_before, true}};
  return build_changelog_table(made, now, mysql::Flavor::mysql, settings, rules);
}

struct RecordingSink final : ChangeSink {
  void on_change(const Change& change) override {
    static constexpr std::string_view operations[] = {"create", "update", "delete", "snapshot"};
    std::string text{operations[static_cast<std::size_t>(change.operation)]};
    const auto add = [&](std::span<const Value> image) {
      for (const Value& value : image) text += ' ' + (value.kind == ValueKind::absent ? std::string{"-"} : std::to_string(value.i64));
      text += ';';
    };
    add(change.before);
    add(change.after);
    CHECK(change.partial == (text.find('-') != std::string::npos));
    texts.push_back(text);
    positions.push_back(*change.position.changelog());
    transactions.push_back(change.transaction);
  }
  std::vector<std::string> texts;
  std::vector<ChangelogPosition> positions;
  std::vector<Transaction> transactions;
};

struct Scene {
  explicit Scene(ChangelogPosition first = begun, std::string rules = "89abcdef")
      : emitter{settings, std::move(first), std::move(rules), sink} {}

  /// `old_row` and `new_row`: id and v.
  void emit(std::uint64_t seq, char op, std::vector<std::string> old_row, std::vector<std::string> new_row) {
    std::vector<std::optional<std::string_view>> row;
    for (const auto* image : {&old_row, &new_row})
      for (std::size_t i = 0; i < 2; ++i) row.push_back(i < image->size() ? std::optional<std::string_view>{(*image)[i]} : std::nullopt);
    std::string packed;
    mysql::pack_row(packed, row);
    emitter.emit({seq, seq + 10, 1, op, 1'700'000'000'000'000}, table, std::as_bytes(std::span{packed}));
  }

  config::Settings settings;
  ChangelogTable table = table_of(true);
  RecordingSink sink;
  ChangelogEmitter emitter;
};

TEST_CASE("each kind of entry, its position and transaction") {
  Scene scene;
  scene.emit(5, 'I', {}, {"1", "10"});
  scene.emit(6, 'U', {"1", "10"}, {"1", "11"});
  scene.emit(7, 'U', {"1", "11"}, {"1", "11"});
  scene.emit(8, 'U', {"1", "11"}, {"2", "11"});
  scene.emit(9, 'D', {"2", "11"}, {});
  CHECK(scene.sink.texts ==
        std::vector<std::string>{"create; 1 10;", "update 1 10; 1 11;", "delete 1 11;;", "create; 2 11;", "delete 2 11;;"});
  const std::vector<std::pair<std::uint64_t, std::uint64_t>> expected{{5, 1}, {6, 1}, {8, 1}, {8, 2}, {9, 1}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    const ChangelogPosition& position = scene.sink.positions[i];
    CHECK(position == ChangelogPosition{"e", expected[i].first, expected[i].first + 10, expected[i].second, "89abcdef"});
    CHECK(scene.sink.transactions[i].id == "e:" + std::to_string(expected[i].first));
    CHECK(scene.sink.transactions[i].committed_at_us == 1'700'000'000'000'000);
  }
  CHECK(scene.sink.transactions[2].ordinal == scene.sink.transactions[3].ordinal);
  CHECK(scene.sink.transactions[1].ordinal != scene.sink.transactions[2].ordinal);
}

TEST_CASE("behind any position comes exactly what was not delivered") {
  const auto replay = [](const ChangelogPosition& first, const std::string& rules) {
    Scene scene{first, rules};
    for (std::uint64_t seq = scene.emitter.read_seq() + 1; seq <= 7; ++seq) {
      if (seq == 6) scene.emit(6, 'U', {"1", "10"}, {"2", "10"});
      if (seq != 6) scene.emit(seq, 'I', {}, {std::to_string(seq), "0"});
    }
    return scene.sink;
  };
  const RecordingSink whole = replay(begun, "89abcdef");
  REQUIRE(whole.texts.size() == 4);
  for (std::size_t i = 0; i < whole.texts.size(); ++i) {
    CAPTURE(i);
    const RecordingSink rest = replay(whole.positions[i], "89abcdef");
    CHECK(rest.texts == std::vector<std::string>{whole.texts.begin() + static_cast<std::ptrdiff_t>(i) + 1, whole.texts.end()});
  }
  // Other settings may give the entry other records: it is sent again whole.
  CHECK(replay(whole.positions[1], "00000000").texts == std::vector<std::string>{whole.texts.begin() + 1, whole.texts.end()});
}

TEST_CASE("where triggers keep only the key of the old row, its other values are absent, and nothing tells an update of nothing") {
  Scene scene;
  scene.table = table_of(false);
  scene.emit(5, 'U', {"1"}, {"1", "11"});
  scene.emit(6, 'U', {"1"}, {"2", "11"});
  scene.emit(7, 'D', {"2"}, {});
  CHECK(scene.sink.texts == std::vector<std::string>{"update 1 -; 1 11;", "delete 1 -;;", "create; 2 11;", "delete 2 -;;"});
}

TEST_CASE("a value that is none of its type names the entry and the column, never the value") {
  Scene scene;
  try {
    scene.emit(5, 'I', {}, {"1", "secret"});
    FAIL("taken");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::value_malformed);
    const std::string message{error.message()};
    CHECK(message.find("entry 5 of the changelog") != std::string::npos);
    CHECK(message.find("`v`") != std::string::npos);
    CHECK(message.find("secret") == std::string::npos);
  }
}

}  // namespace
}  // namespace cdc::capture
