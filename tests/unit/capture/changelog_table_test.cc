#include "changelog_table.h"

#include <doctest/doctest.h>

#include <string>

#include "cdc/base/error.h"

namespace cdc::capture {
namespace {

catalog::CatalogColumn column(std::string name, ColumnType type, std::string type_text) {
  catalog::CatalogColumn out;
  out.column.name = std::move(name);
  out.column.type = type;
  out.type_text = std::move(type_text);
  return out;
}

/// shop.t (id INT key, n BIGINT, b BLOB) as it is, and as it was registered.
struct Scene {
  Scene() {
    now.schema = "shop", now.table = "t";
    now.columns = {column("id", ColumnType::integer, "int"), column("n", ColumnType::bigint, "bigint"),
                   column("b", ColumnType::blob, "blob")};
    now.primary_key = {{0, 0}};
    made.tid = 7, made.schema = "shop", made.table = "t";
    made.columns = {{"id", "int", "", 1, true, true}, {"n", "int", "", 0, true, true}, {"b", "tinyblob", "", 0, true, true}};
  }
  ChangelogTable build() const {
    const config::ColumnRules rules{settings};
    return build_changelog_table(made, now, mysql::Flavor::mysql, settings, rules);
  }
  std::string refusal() const {
    try {
      build();
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::trigger_drift);
      return std::string{error.message()};
    }
    return {};
  }

  config::Settings settings;
  catalog::CatalogTable now;
  catalog::RegisteredTable made;
};

TEST_CASE("the table's columns in its own order, the payload's by their place when the triggers were made") {
  Scene scene;
  std::swap(scene.now.columns[1], scene.now.columns[2]);
  const ChangelogTable table = scene.build();
  CHECK(table.before.list == "r.`b1`, r.`b3`, r.`b2`");
  CHECK(table.after.list == "r.`a1`, r.`a3`, r.`a2`");
  CHECK(table.schema.columns[1].name == "b");
  CHECK(table.schema.key == std::vector<std::size_t>{0});
  CHECK(table.schema.key_kind == KeyKind::primary);
  CHECK(table.whole_before);
}

TEST_CASE("columns left out, by the settings or by the triggers") {
  Scene scene;
  scene.settings.columns_exclude = {"shop.t.n"};
  CHECK(scene.build().before.list == "r.`b1`, r.`b3`");
  scene.settings.columns_exclude.clear();
  scene.made.columns[1].before = scene.made.columns[1].after = false;
  CHECK(scene.build().after.list == "r.`a1`, r.`a3`");
  scene.made.columns[2].before = false;  // trigger.images=key
  const ChangelogTable table = scene.build();
  CHECK(table.before.list == "r.`b1`, NULL");
  CHECK(table.kept_before == std::vector<bool>{true, false});
  CHECK_FALSE(table.whole_before);
}

TEST_CASE("a column that the triggers do not know is told, one that they miss is refused") {
  Scene scene;
  scene.now.columns.push_back(column("late", ColumnType::integer, "int"));
  CHECK(scene.build().added == std::vector<std::string>{"late"});
  CHECK(scene.build().schema.columns.size() == 3);
  scene.now.primary_key.push_back({3, 0});
  CHECK(scene.refusal().find("`late` became part of the key") != std::string::npos);
  scene.now.primary_key.pop_back();
  scene.now.columns[1].column.name = "renamed";
  CHECK(scene.refusal().find("`n` went or was renamed") != std::string::npos);
}

TEST_CASE("types that share a payload type") {
  struct Case {
    std::string name, from, to;
    bool same;
  };
  const Case cases[] = {
      {"the same", "decimal(10,2)", "decimal(10,2)", true},
      {"wider integer", "tinyint(1)", "bigint(20)", true},
      {"sign lost", "int unsigned", "int", false},
      {"longer text", "varchar(10)", "longtext", true},
      {"text to bytes", "varchar(10)", "varbinary(10)", false},
      {"more labels", "enum('a')", "enum('a','b')", true},
      {"labels to text", "enum('a')", "varchar(1)", false},
      {"single to double", "float", "double", true},
      {"more bits", "bit(1)", "bit(64)", true},
      {"finer time", "datetime", "datetime(6)", true},
      {"timestamp to datetime", "timestamp", "datetime", false},
      {"another decimal", "decimal(10,2)", "decimal(12,2)", false},
      {"any shape", "point", "geometry", true},
      {"number to text", "int", "varchar(11)", false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(same_payload_type(c.from, c.to) == c.same);
  }
}

}  // namespace
}  // namespace cdc::capture
