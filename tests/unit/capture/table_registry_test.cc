#include "table_registry.h"

#include <doctest/doctest.h>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

catalog::CatalogTable two_columns(std::string_view second = "name") {
  catalog::CatalogTable out;
  out.schema = "shop";
  out.table = "t";
  out.columns.resize(2);
  out.columns[0].column = {"id", ColumnType::integer, false, false, false, 0, 0, 0, 0, {}};
  out.columns[1].column = {std::string{second}, ColumnType::varchar, false, true, false, 0, 0, 20, 255, {}};
  out.primary_key = {{0, 0}};
  return out;
}

struct Registry {
  explicit Registry(const std::function<void(config::Settings&)>& how = {}) : options{how} { schemas.tables["t"] = two_columns(); }
  void see(const std::string& body) { tables.on_table_map(ExactBytes{body}, {}, {}); }
  const CapturedTable* table(std::uint64_t id = 77) {
    const MappedTable* const mapped = tables.find(id);
    return mapped == nullptr ? nullptr : mapped->captured;
  }
  Options options;
  ListedSchemas schemas;
  TableRegistry tables{options.settings, options.tables, options.columns, schemas};
};

TEST_CASE("a repeated map is resolved once") {
  Registry registry;
  const std::string body = map_body("t", 77, Key::id, false);
  registry.see(body);
  const CapturedTable* const first = registry.table();
  REQUIRE(first != nullptr);
  CHECK(first->schema.columns[1].name == "name");
  for (int i = 0; i < 5; ++i) {
    registry.tables.end_statement();
    CHECK(registry.tables.find(77) == nullptr);
    registry.see(body);
    CHECK(registry.table() == first);
  }
  CHECK(registry.schemas.asked == 1);
}

TEST_CASE("the same id with other bytes is another table") {
  Registry registry;
  registry.see(map_body("t", 77));
  const CapturedTable* const first = registry.table();
  registry.see(map_body("u", 77));
  REQUIRE(registry.table() != nullptr);
  CHECK(registry.table()->schema.table == "u");
  registry.see(map_body("t", 77, Key::id, true, "other"));
  CHECK(registry.table()->schema.columns[1].name == "other");
  CHECK(first->schema.columns[1].name == "name");  // still there for whoever kept it
  CHECK(first->schema.id != registry.table()->schema.id);
}

TEST_CASE("another id with the same shape is the same table") {
  Registry registry;
  registry.see(map_body("t", 77));
  const CapturedTable* const first = registry.table(77);
  registry.see(map_body("t", 78));
  CHECK(registry.table(78) == first);
  CHECK(registry.table(77) == first);
}

TEST_CASE("DDL makes the catalog be asked again, and only it") {
  Registry registry;
  const std::string unnamed = map_body("t", 77, Key::id, false);
  registry.see(unnamed);
  registry.see(map_body("named", 78));
  CHECK(registry.schemas.asked == 1);
  const CapturedTable* const first = registry.table(77);
  registry.tables.on_ddl();
  registry.see(map_body("named", 78));
  CHECK(registry.schemas.asked == 1);
  registry.see(unnamed);
  CHECK(registry.schemas.asked == 2);
  CHECK(registry.table(77) == first);  // nothing changed
  registry.schemas.tables["t"] = two_columns("renamed");
  registry.tables.on_ddl();
  registry.see(unnamed);
  CHECK(registry.schemas.asked == 3);
  CHECK(registry.table(77)->schema.columns[1].name == "renamed");
}

TEST_CASE("tables that the rules leave out are known, and nobody is asked") {
  Registry registry{[](config::Settings& s) { s.tables = "shop.other"; }};
  registry.see(map_body("t", 77, Key::id, false));
  REQUIRE(registry.tables.find(77) != nullptr);
  CHECK(registry.table() == nullptr);
  CHECK(registry.schemas.asked == 0);
  CHECK(registry.tables.captured_in("shop").empty());
  CHECK(registry.tables.captures("shop", "other"));
  CHECK(registry.tables.captured_in("shop") == std::vector<std::string>{"other"});
  CHECK(registry.tables.captured_in("sho").empty());
}

TEST_CASE("a map that does not resolve is tried again, never taken for resolved") {
  Registry registry;
  registry.schemas.tables["t"].columns.pop_back();
  const std::string body = map_body("t", 77, Key::id, false);
  for (int i = 0; i < 2; ++i) {
    const std::string error = error_of([&] { registry.see(body); });
    CHECK_MESSAGE(error.starts_with("MYC1401: `shop`.`t`: "), error);
  }
  registry.schemas.tables["t"] = two_columns();
  registry.see(body);
  CHECK(registry.table() != nullptr);
}

TEST_CASE("another file or server: ids start again") {
  Registry registry;
  registry.see(map_body("t", 77));
  registry.tables.forget_ids();
  CHECK(registry.tables.find(77) == nullptr);
}

TEST_CASE("thousands of ids: old ones are forgotten, those of this statement are not") {
  Registry registry;
  for (std::uint64_t id = 1; id <= 10'000; ++id) {
    registry.see(map_body("t", id));
    if (id % 7 == 0) registry.tables.end_statement();
  }
  registry.tables.end_statement();
  for (std::uint64_t id = 20'000; id < 20'005; ++id) registry.see(map_body("t", id));
  for (std::uint64_t id = 20'000; id < 20'005; ++id) CHECK(registry.table(id) != nullptr);
  CHECK(registry.tables.find(5) == nullptr);
}

TEST_CASE("maps cut at every byte") {
  const std::string body = map_body();
  const std::size_t plain_bytes = map_body("t", 77, Key::id, false).size();
  for (std::size_t size = 0; size < body.size(); ++size) {
    Registry registry;
    const std::string error = error_of([&] { registry.see(body.substr(0, size)); });
    CAPTURE(size);
    if (size < plain_bytes)
      CHECK(error.starts_with("MYC1300: "));
    else if (!error.empty())
      CHECK(error.starts_with("MYC1"));
  }
}

}  // namespace
}  // namespace cdc::capture
