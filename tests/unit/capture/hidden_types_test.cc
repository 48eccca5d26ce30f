#include <doctest/doctest.h>

#include "decoder_scene.h"
#include "table_builder.h"

namespace cdc::capture {
namespace {

using binlog::WireType;

/// A map with names and one column `c`, as MariaDB logs it with full metadata.
binlog::TableMap map_with(WireType type, std::uint32_t max_bytes, std::uint32_t collation = 63) {
  binlog::TableMap out;
  out.schema = "shop";
  out.table = "t";
  out.mariadb = out.has_names = true;
  out.columns.resize(1);
  out.columns[0].name = "c";
  out.columns[0].type = type;
  out.columns[0].width = 1;
  out.columns[0].max_bytes = max_bytes;
  out.columns[0].collation = collation;
  return out;
}

catalog::CatalogTable now_with(ColumnType type, std::string name = "c") {
  catalog::CatalogTable out;
  out.columns.resize(1);
  out.columns[0].column.name = std::move(name);
  out.columns[0].column.type = type;
  return out;
}

ColumnType type_built(const binlog::TableMap& map, const catalog::CatalogTable* now) {
  const Options options;
  return build_table(map, nullptr, options.settings, options.columns, now).schema.columns[0].type;
}

TEST_CASE("MariaDB logs UUID, INET and VECTOR as plain bytes: what they are is what the table says now") {
  struct Case {
    std::string name;
    binlog::TableMap map;
    catalog::CatalogTable now;
    ColumnType type;
  };
  const auto bytes_16 = map_with(WireType::string, 16), bytes_4 = map_with(WireType::string, 4), varying = map_with(WireType::varchar, 12);
  const Case cases[] = {
      {"uuid", bytes_16, now_with(ColumnType::uuid), ColumnType::uuid},
      {"inet6", bytes_16, now_with(ColumnType::inet6), ColumnType::inet6},
      {"inet4", bytes_4, now_with(ColumnType::inet4), ColumnType::inet4},
      {"vector", varying, now_with(ColumnType::vector), ColumnType::vector},
      {"bytes are bytes", bytes_16, now_with(ColumnType::binary), ColumnType::binary},
      {"another size", bytes_4, now_with(ColumnType::uuid), ColumnType::binary},
      {"another kind", varying, now_with(ColumnType::uuid), ColumnType::varbinary},
      {"altered into something else", bytes_16, now_with(ColumnType::varchar), ColumnType::binary},
      {"another column", bytes_16, now_with(ColumnType::uuid, "d"), ColumnType::binary},
      {"text is no bytes", map_with(WireType::string, 16, 8), now_with(ColumnType::uuid), ColumnType::char_},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(type_built(c.map, &c.now) == c.type);
  }
  CHECK(type_built(bytes_16, nullptr) == ColumnType::binary);
}

TEST_CASE("the table is asked for only where the log may hide something") {
  CHECK(hides_types(map_with(WireType::string, 16)));
  CHECK(hides_types(map_with(WireType::string, 4)));
  CHECK(hides_types(map_with(WireType::varchar, 12)));
  CHECK_FALSE(hides_types(map_with(WireType::string, 8)));
  CHECK_FALSE(hides_types(map_with(WireType::string, 16, 8)));
  CHECK_FALSE(hides_types(map_with(WireType::longlong, 0)));
  auto of_mysql = map_with(WireType::string, 16);
  of_mysql.mariadb = false;
  CHECK_FALSE(hides_types(of_mysql));

  const Options options;
  ListedSchemas schemas;
  TableRegistry tables{options.settings, options.tables, options.columns, schemas};
  tables.on_table_map(ExactBytes{map_body("t")}, {}, {});
  CHECK(schemas.asked_now == 0);
}

}  // namespace
}  // namespace cdc::capture
