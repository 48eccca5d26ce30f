#include "nearest.h"

#include <doctest/doctest.h>

namespace cdc::config {
namespace {

TEST_CASE("the nearest key is suggested") {
  struct Case {
    const char* key;
    const char* nearest;
  };
  const Case cases[] = {
      {"table", "tables"},
      {"tabels", "tables"},
      {"serverid", "serverId"},
      {"server_id", "serverId"},
      {"server-id", "serverId"},
      {"heartbeet", "heartbeat"},
      {"column.exclude", "columns.exclude"},
      {"onUnsupported.schema_drift", "onUnsupported.schemaDrift"},
      {"keys.columns.shop.orders", "key.columns.shop.orders"},
      {"key.column.shop.orders", "key.columns.shop.orders"},
      {"snapshotMode", "snapshot.mode"},
      {"", ""},
      {"completely.different.thing", ""},
      {"zzzzzz", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.key);
    CHECK(nearest_key(c.key) == c.nearest);
  }
  CHECK(nearest_key(std::string(100'000, 'a')).empty());
}

}  // namespace
}  // namespace cdc::config
