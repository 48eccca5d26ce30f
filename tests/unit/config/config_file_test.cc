#include <doctest/doctest.h>
#include <fmt/format.h>

#include "cdc/config/settings.h"
#include "scratch.h"

namespace cdc::config {
namespace {

TEST_CASE("a config file flattens into entries") {
  struct Case {
    const char* name;
    const char* text;
    Entries entries;
  };
  const Case cases[] = {
      {"empty", "", {}},
      {"comment alone", "# nothing\n", {}},
      {"flat and nested",
       "url: mysql://h/\ntables.allowNone: true\ncolumns:\n  exclude: a.b.c\n  mask: 'a.b.d=hash'\n",
       {{"url", "mysql://h/"}, {"tables.allowNone", "true"}, {"columns.exclude", "a.b.c"}, {"columns.mask", "a.b.d=hash"}}},
      {"numbers keep their text", "serverId: 007\nheartbeat: 1.50\nx: 0x10\n", {{"serverId", "007"}, {"heartbeat", "1.50"}, {"x", "0x10"}}},
      {"lists", "tables:\n  - shop.*\n  - '!shop.tmp_*'\n", {{"tables", "shop.*, !shop.tmp_*"}}},
      {"null is empty", "start:\nstateDir: ~\n", {{"start", ""}, {"stateDir", ""}}},
      {"nothing is expanded", "url: mysql://u:p$HOME@h/\n", {{"url", "mysql://u:p$HOME@h/"}}},
      {"quoted stars", "tables: \"*\"\n", {{"tables", "*"}}},
      {"deep keys", "key: {columns: {shop: {orders: [a, b]}}}\n", {{"key.columns.shop.orders", "a, b"}}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const test::TempFile file{c.text};
    CHECK(read_config_file(file.path()) == c.entries);
  }
}

TEST_CASE("errors of a config file name the line") {
  struct Case {
    const char* name;
    std::string text;
    const char* says;
  };
  const Case cases[] = {
      {"syntax", "url: a\ntables: [\n", ":3:"},
      {"star without quotes", "url: a\ntables: *\n", "quotes"},
      {"exclusion without quotes", "url: a\ntables: !shop.tmp\n", ":2: \"!shop.tmp\" is a tag"},
      {"exclusion without quotes in a list", "tables:\n  - shop.x\n  - !shop.tmp\n", ":3:"},
      {"not a map", "- a\n- b\n", ":1: a map"},
      {"one value", "hello", ":1: a map"},
      {"twice", "a: 1\nb: 2\na: 3\n", ":3: \"a\" is there twice"},
      {"twice, nested and flat", "a.b: 1\na: {b: 2}\n", "twice"},
      {"list of maps", "tables:\n  - a: b\n", ":2: one value"},
      {"second document", "a: 1\n---\nb: 2\n", "second document"},
      {"pipeline", "version: 2.2\npipelines: []\n", "--pipeline"},
      {"endless alias", "a: &x\n  b: *x\n", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const test::TempFile file{c.text};
    const auto error = test::caught([&] { read_config_file(file.path()); });
    CHECK(error.code == ErrorCode::config_file);
    CHECK(error.says(file.path()));
    CHECK(error.says(c.says));
  }
}

TEST_CASE("files that cannot be read") {
  CHECK(test::caught([] { read_config_file("/nonexistent/x.yaml"); }).says("/nonexistent/x.yaml: No such file"));
  CHECK(test::caught([] { read_config_file("/"); }).code == ErrorCode::config_file);
  const test::TempFile large{std::string((1 << 20) + 1, '#')};
  CHECK(test::caught([&] { read_config_file(large.path()); }).says("larger"));
  std::string many;
  for (int i = 0; i < 2'000; ++i) many += fmt::format("k{}: 1\n", i);
  CHECK(test::caught([&] { read_config_file(test::TempFile{many}.path()); }).says("too many"));
}

TEST_CASE("small files that would become huge, or deep, are refused soon") {
  std::string doubling = "a0: &a0 {}\n";
  for (int i = 1; i <= 15; ++i) doubling += fmt::format("a{0}: &a{0} {{x: *a{1}, y: *a{1}}}\n", i, i - 1);
  for (const std::string& text : {doubling, std::string(500'000, '['), std::string(500'000, '{'), std::string{"a: &x {b: *x}"}}) {
    CAPTURE(text.substr(0, 40));
    const test::TempFile file{text};
    CHECK(test::caught([&] { read_config_file(file.path()); }).code == ErrorCode::config_file);
  }
}

TEST_CASE("every truncation of a config file is read or refused") {
  const std::string whole = "url: \"mysql://h\"\ncolumns: {exclude: [a.b.c, 'd.e.f']}\nkey:\n  columns:\n    a.b: &x id\n    c.d: *x\n";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    CAPTURE(size);
    const test::TempFile file{whole.substr(0, size)};
    const auto error = test::caught([&] { read_config_file(file.path()); });
    CHECK((error.text.empty() || error.code == ErrorCode::config_file));
  }
}

}  // namespace
}  // namespace cdc::config
