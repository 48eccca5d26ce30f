#include "table_builder.h"

#include <doctest/doctest.h>

#include "decoder_scene.h"

namespace cdc::capture {
namespace {

using binlog::WireColumn;
using binlog::WireType;
using config::Settings;

WireColumn wire(WireType type, unsigned precision = 0, unsigned fraction_digits = 0, std::uint32_t max_bytes = 0) {
  WireColumn out;
  out.type = type;
  out.width = 1;
  out.precision = static_cast<std::uint8_t>(precision);
  out.fraction_digits = static_cast<std::uint8_t>(fraction_digits);
  out.max_bytes = max_bytes;
  return out;
}
binlog::TableMap map_of(std::vector<WireColumn> columns, bool mariadb = false) {
  binlog::TableMap out;
  out.schema = "shop";
  out.table = "t";
  out.mariadb = mariadb;
  out.columns = std::move(columns);
  return out;
}
catalog::CatalogTable known(std::vector<Column> columns) {
  catalog::CatalogTable out;
  out.schema = "shop";
  out.table = "t";
  for (Column& column : columns) {
    catalog::CatalogColumn one;
    one.column = std::move(column);
    one.type_text = "a type";
    out.columns.push_back(std::move(one));
  }
  return out;
}
Column column(ColumnType type, unsigned precision = 0, unsigned fraction_digits = 0, std::uint32_t length_bytes = 0,
              std::string name = "c") {
  Column out;
  out.name = std::move(name);
  out.type = type;
  out.precision = static_cast<std::uint8_t>(precision);
  out.fraction_digits = static_cast<std::uint8_t>(fraction_digits);
  out.length_bytes = length_bytes;
  return out;
}
CapturedTable build(const binlog::TableMap& map, const catalog::CatalogTable* catalog, const std::function<void(Settings&)>& how = {}) {
  const Options options{how};
  return build_table(map, catalog, options.settings, options.columns);
}
std::string error(const binlog::TableMap& map, const catalog::CatalogTable* catalog, const std::function<void(Settings&)>& how = {}) {
  return error_of([&] { build(map, catalog, how); });
}

TEST_CASE("which wire types and sizes a column of the catalog may arrive as") {
  struct Case {
    WireColumn wire;
    Column column;
    bool fits;
  };
  using W = WireType;
  using C = ColumnType;
  const Case cases[] = {
      {wire(W::long_), column(C::integer), true},
      {wire(W::long_), column(C::bigint), false},
      {wire(W::longlong), column(C::bigint), true},
      {wire(W::tiny), column(C::tinyint), true},
      {wire(W::int24), column(C::mediumint), true},
      {wire(W::short_), column(C::year), false},
      {wire(W::year), column(C::year), true},
      {wire(W::float_), column(C::double_), false},
      {wire(W::newdecimal, 10, 2), column(C::decimal, 10, 2), true},
      {wire(W::newdecimal, 10, 2), column(C::decimal, 10, 3), false},
      {wire(W::newdecimal, 10, 2), column(C::decimal, 11, 2), false},
      {wire(W::bit, 9), column(C::bit, 9), true},
      {wire(W::bit, 9), column(C::bit, 10), false},
      {wire(W::datetime2, 0, 3), column(C::datetime, 0, 3), true},
      {wire(W::datetime2, 0, 3), column(C::datetime, 0, 6), false},
      {wire(W::datetime), column(C::datetime), true},
      {wire(W::time2, 0, 6), column(C::time, 0, 6), true},
      {wire(W::timestamp2), column(C::datetime), false},
      {wire(W::date), column(C::date), true},
      {wire(W::newdate), column(C::date), true},
      {wire(W::varchar, 0, 0, 80), column(C::varchar, 0, 0, 80), true},
      {wire(W::varchar, 0, 0, 80), column(C::varchar, 0, 0, 84), false},
      {wire(W::varchar, 0, 0, 80), column(C::varbinary, 0, 0, 80), true},
      {wire(W::varchar, 0, 0, 80), column(C::text), false},
      {wire(W::varchar, 0, 0, 80), column(C::vector), true},
      {wire(W::string, 0, 0, 16), column(C::uuid), true},
      {wire(W::string, 0, 0, 40), column(C::char_, 0, 0, 40), true},
      {wire(W::string, 0, 0, 40), column(C::binary, 0, 0, 41), false},
      {wire(W::blob), column(C::text), true},
      {wire(W::blob), column(C::json), false},
      {wire(W::json), column(C::json), true},
      {wire(W::geometry), column(C::geometry), true},
      {wire(W::enum_), column(C::enum_), true},
      {wire(W::enum_), column(C::set), false},
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    CAPTURE(i);
    const auto catalog = known({cases[i].column});
    const std::string what = error_of([&] { require_same_shape(map_of({cases[i].wire}), catalog); });
    CHECK((what == "") == cases[i].fits);
    if (!cases[i].fits) CHECK(what.starts_with("MYC1401: column 1 was logged with another type than `c` has now (a type)"));
  }
  const auto catalog = known({column(ColumnType::integer), column(ColumnType::integer)});
  CHECK(error(map_of({wire(WireType::long_)}), &catalog).find("1 columns, the table now has 2") != std::string::npos);
}

TEST_CASE("without a catalog and without names columns are numbered") {
  const CapturedTable table = build(map_of({wire(WireType::long_), wire(WireType::json)}), nullptr);
  CHECK(table.schema.positional);
  CHECK(table.schema.columns[0].name == "@1");
  CHECK(table.schema.columns[1].name == "@2");
  CHECK(table.schema.key_kind == KeyKind::whole_row);
}

TEST_CASE("keys: the log's, the catalog's, the configured; else the whole row") {
  auto map = map_of({wire(WireType::long_), wire(WireType::long_)});
  auto catalog = known({column(ColumnType::integer, 0, 0, 0, "a"), column(ColumnType::integer, 0, 0, 0, "b")});
  const auto configured = [](Settings& s) { s.key_columns["shop.t"] = {"b", "a"}; };
  CHECK(build(map, &catalog).schema.key_kind == KeyKind::whole_row);
  CHECK(build(map, &catalog, configured).schema.key == std::vector<std::size_t>{1, 0});
  CHECK(build(map, &catalog, configured).schema.key_kind == KeyKind::configured);
  catalog.primary_key = {{1, 0}};
  CHECK(build(map, &catalog, configured).schema.key == std::vector<std::size_t>{1});
  CHECK(build(map, &catalog, configured).schema.key_kind == KeyKind::primary);
  map.primary_key = {{0, 0}};
  CHECK(build(map, &catalog).schema.key == std::vector<std::size_t>{0});

  map.primary_key.clear(), catalog.primary_key.clear();
  CHECK(error(map, &catalog, [](Settings& s) { s.key_columns["shop.t"] = {"nope"}; }).find("`nope`") != std::string::npos);
}

TEST_CASE("slots, masks and the key count what is left after exclusions") {
  auto map = map_of({wire(WireType::long_), wire(WireType::long_), wire(WireType::long_)});
  auto catalog = known(
      {column(ColumnType::integer, 0, 0, 0, "a"), column(ColumnType::integer, 0, 0, 0, "b"), column(ColumnType::integer, 0, 0, 0, "c")});
  catalog.primary_key = {{2, 0}};
  const auto how = [](Settings& s) {
    s.columns_exclude = {"shop.t.a"};
    s.columns_mask = {{"shop.t.b", config::MaskMethod::null}};
  };
  const CapturedTable table = build(map, &catalog, how);
  CHECK(table.schema.columns.size() == 2);
  CHECK(table.schema.key == std::vector<std::size_t>{1});
  REQUIRE(table.masks.size() == 1);
  CHECK(table.masks[0].slot == 0);
  CHECK(table.schema.columns[0].masked);
  CHECK(table.layout.slot_count == 2);
  CHECK(table.layout.codecs[0].slot == -1);
  CHECK(table.layout.codecs[2].slot == 1);
  CHECK(
      error(map, &catalog, [](Settings& s) { s.columns_exclude = {"*.*.c"}; }).starts_with("MYC1001: column 3 is part of the primary key"));
}

TEST_CASE("columns that servers add for themselves are not shown") {
  auto map = map_of({wire(WireType::long_), wire(WireType::longlong), wire(WireType::longlong)});
  map.has_names = true;
  map.columns[0].name = "a";
  map.columns[1].name = "DB_ROW_HASH_1";
  map.columns[2].name = "!hidden!fidx!0!0";
  const CapturedTable table = build(map, nullptr);
  CHECK(table.schema.columns.size() == 1);
  CHECK(table.layout.codecs.size() == 3);
}

TEST_CASE("what cannot be shown rightly is refused, with a cure") {
  CHECK(error(map_of({wire(WireType::time)}, true), nullptr).find("ALTER TABLE `shop`.`t` FORCE") != std::string::npos);
  const auto fractionless = known({column(ColumnType::time)});
  CHECK(error(map_of({wire(WireType::time)}, true), &fractionless) == "");
  auto unsure = known({column(ColumnType::enum_)});
  unsure.columns[0].labels_unsure = true;
  CHECK(error(map_of({wire(WireType::enum_)}), &unsure).starts_with("MYC1401: "));
  CHECK(error(map_of({wire(static_cast<WireType>(99))}), nullptr).starts_with("MYC1308: "));
  auto named = map_of({wire(WireType::long_)});
  named.columns[0].name = "\xff";
  CHECK(error(named, nullptr).starts_with("MYC1308: a column name is not valid"));
  auto labelled = map_of({wire(WireType::enum_)});
  labelled.columns[0].collation = 255;
  labelled.columns[0].labels = {"\xff"};
  CHECK(error(labelled, nullptr).starts_with("MYC1308: a label"));
}

TEST_CASE("names that are not UTF-8 come from damage and reach no record") {
  const Options options;
  for (std::string binlog::TableMap::*const name : {&binlog::TableMap::schema, &binlog::TableMap::table}) {
    binlog::TableMap map = map_of({wire(WireType::long_)});
    CHECK(error_of([&] { build_table(map, nullptr, options.settings, options.columns); }) == "");
    map.*name = "a\xff";
    CHECK(error_of([&] { build_table(map, nullptr, options.settings, options.columns); }).starts_with("MYC"));
  }
}

TEST_CASE("a collation number never seen is refused by its number, but not in a column that nobody gets") {
  for (const auto type : {WireType::varchar, WireType::string, WireType::blob, WireType::enum_}) {
    auto map = map_of({wire(WireType::long_), wire(type)});
    map.has_names = true;
    map.columns[0].name = "id";
    map.columns[1].name = "c";
    map.columns[1].collation = 1030;
    map.columns[1].labels = {"x"};
    CHECK(error(map, nullptr).starts_with("MYC1308: `c` has the collation number 1030, whose charset is not known"));
    CHECK(error(map, nullptr, [](Settings& s) { s.columns_exclude = {"*.*.c"}; }) == "");
    map.mariadb = true;  // a number of MariaDB's
    CHECK(error(map, nullptr) == "");
  }
}

TEST_CASE("labels are in their column's charset") {
  auto map = map_of({wire(WireType::enum_)});
  map.columns[0].collation = 13;
  map.columns[0].labels = {"\x83\x5c", "\xb1"};
  CHECK(build(map, nullptr).schema.columns[0].labels == std::vector<std::string>{"ソ", "ｱ"});
}

}  // namespace
}  // namespace cdc::capture
