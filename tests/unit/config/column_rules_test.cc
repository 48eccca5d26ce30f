#include <doctest/doctest.h>

#include "cdc/config/table_rules.h"
#include "scratch.h"

namespace cdc::config {
namespace {

TEST_CASE("which columns are excluded or masked") {
  Settings settings;
  settings.columns_exclude = {"shop.users.password", "*.*.secret_*", "`a.b`.c.`d e`"};
  settings.columns_mask = {{"shop.*.email", MaskMethod::hash}, {"shop.logs.*", MaskMethod::null}, {"shop.logs.card", MaskMethod::last4}};
  const ColumnRules rules{settings};
  struct Case {
    const char *schema, *table, *column;
    bool excluded;
    std::optional<MaskMethod> mask;
  };
  const Case cases[] = {
      {"shop", "users", "password", true, {}},
      {"shop", "users", "PassWord", true, {}},  // Column names have no letter case on servers.
      {"Shop", "users", "password", false, {}},
      {"shop", "users", "password2", false, {}},
      {"any", "thing", "secret_x", true, {}},
      {"any", "thing", "my_secret_x", false, {}},
      {"a.b", "c", "d e", true, {}},
      {"shop", "users", "email", false, MaskMethod::hash},
      {"shop", "users", "EMAIL", false, MaskMethod::hash},
      {"crm", "users", "email", false, {}},
      {"shop", "logs", "line", false, MaskMethod::null},
      {"shop", "logs", "card", false, MaskMethod::last4},
      {"shop", "logs", "email", false, MaskMethod::null},
  };
  for (const Case& c : cases) {
    CAPTURE(c.schema);
    CAPTURE(c.table);
    CAPTURE(c.column);
    CHECK(rules.excluded(c.schema, c.table, c.column) == c.excluded);
    CHECK(rules.mask(c.schema, c.table, c.column) == c.mask);
  }
}

TEST_CASE("column globs have three parts") {
  for (const char* glob : {"email", "users.email", "a.b.c.d", "a.b.", "a b.c.d"}) {
    CAPTURE(glob);
    Settings settings;
    settings.columns_exclude = {glob};
    CHECK(test::caught([&] { ColumnRules{settings}; }).code == ErrorCode::setting_invalid);
    settings = {};
    settings.columns_mask = {{glob, MaskMethod::null}};
    CHECK(test::caught([&] { ColumnRules{settings}; }).says(glob));
  }
}

}  // namespace
}  // namespace cdc::config
