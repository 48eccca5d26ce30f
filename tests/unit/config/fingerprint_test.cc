#include <doctest/doctest.h>

#include <set>

#include "cdc/config/settings.h"

namespace cdc::config {
namespace {

std::string of(const Entries& entries, const char* default_schema = "") {
  std::vector<Problem> problems;
  const auto settings = parse_settings(entries, problems);
  REQUIRE(problems.empty());
  return rules_fingerprint(settings, default_schema);
}

TEST_CASE("fingerprints are stored in positions and never change") {
  CHECK(of({}) == "57406e2a");
  CHECK(of({{"tables", "shop.*, !shop.tmp_*"}, {"columns.exclude", "shop.users.password"}}) == "e2e56f1f");
}

TEST_CASE("equal meaning, equal fingerprint") {
  struct Case {
    const char* name;
    Entries a, b;
  };
  const Case cases[] = {
      {"order of includes", {{"tables", "a, b"}}, {{"tables", "b,a"}}},
      {"order of exclusions", {{"tables", "*,!a,!b"}}, {{"tables", "*, !b, !a"}}},
      {"order of excluded columns", {{"columns.exclude", "a.b.c,d.e.f"}}, {{"columns.exclude", "d.e.f, a.b.c"}}},
      {"what only says how", {{"heartbeat", "5s"}, {"url", "mysql://h"}, {"metadata", "full"}}, {}},
      {"the default", {{"tables", "*"}}, {}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(of(c.a) == of(c.b));
  }
  CHECK(of({{"tables", "shop.*"}}, "a") == of({{"tables", "shop.*"}}, "b"));
}

TEST_CASE("other meaning, other fingerprint") {
  const std::vector<Entries> all = {
      {},
      {{"tables", "a,!b"}},
      {{"tables", "!b,a"}},
      {{"tables", "a"}},
      {{"tables", "a,b"}},
      {{"tables", "ab"}},
      {{"columns.exclude", "a.b.c"}},
      {{"columns.exclude", "a.b.c, d.e.f"}},
      {{"columns.mask", "a.b.c=null"}},
      {{"columns.mask", "a.b.c=last4"}},
      {{"columns.mask", "a.b.*=null, a.b.c=last4"}},
      {{"columns.mask", "a.b.c=last4, a.b.*=null"}},
      {{"key.columns.a.b", "c"}},
      {{"key.columns.a.b", "c,d"}},
      {{"key.columns.a.b", "d,c"}},
      {{"key.columns.a.b", "c"}, {"key.columns.a.d", "c"}},
      {{"events", "truncate"}},
      {{"events", "ddl"}},
      {{"events", "transactions"}},
      {{"events", "transactions,ddl"}},
  };
  std::set<std::string> seen;
  for (const Entries& entries : all) seen.insert(of(entries));
  CHECK(seen.size() == all.size());
  CHECK(of({}, "a") != of({}, "b"));
  CHECK(of({{"tables", "!shop.x"}}, "a") != of({{"tables", "!shop.x"}}, "b"));
  CHECK(of({}).size() == 8);
}

}  // namespace
}  // namespace cdc::config
