#include <doctest/doctest.h>

#include "cdc/config/settings.h"
#include "scratch.h"

namespace cdc::config {
namespace {

constexpr const char* one_source = R"(version: "2.2"
pipelines:
  - id: p1
    status: running
    connectors:
      - {id: src, type: source, plugin: "standalone:mysql-cdc", settings: {url: "${CDC_TEST_URL}", tables: "shop.*", sdk.batch.size: 10}}
      - {id: dst, type: destination, plugin: "builtin:file", settings: {path: ./out.jsonl}}
)";
constexpr const char* two_sources = R"(version: 2.2
pipelines:
  - id: p1
    connectors:
      - id: a
        type: source
        settings:
          tables: one
---
version: 2.2
pipelines:
  - id: p2
    connectors:
      - id: a
        type: source
        settings: {tables: two}
      - id: b
        type: source
)";

TEST_CASE("the only source of a pipeline file is taken, its settings expanded") {
  const test::TempVariable url{"CDC_TEST_URL", "mysql://u:p@h/shop"};
  const test::TempFile file{one_source};
  const auto source = read_pipeline_source(file.path(), "");
  CHECK(source.connector_id == "p1:src");
  CHECK(source.entries == Entries{{"url", "mysql://u:p@h/shop"}, {"tables", "shop.*"}, {"sdk.batch.size", "10"}});
  CHECK(read_pipeline_file(file.path(), "src") == source.entries);
}

TEST_CASE("one of several sources is picked by id") {
  const test::TempFile file{two_sources};
  CHECK(read_pipeline_source(file.path(), "p1:a").entries == Entries{{"tables", "one"}});
  CHECK(read_pipeline_source(file.path(), "p2:a").entries == Entries{{"tables", "two"}});
  CHECK(read_pipeline_source(file.path(), "b").connector_id == "p2:b");
  CHECK(read_pipeline_source(file.path(), "b").entries.empty());
  for (const char* wanted : {"", "a", "c"}) {
    CAPTURE(wanted);
    const auto error = test::caught([&] { read_pipeline_source(file.path(), wanted); });
    CHECK(error.code == ErrorCode::config_file);
    CHECK(error.says("p1:a, p2:a, p2:b"));
    CHECK(error.says("--pipeline " + file.path() + ":p1:a"));
  }
}

TEST_CASE("an unset variable is warned about by the setting's name alone") {
  const test::CapturedLog log;
  const test::TempFile file{
      "pipelines: [{id: p, connectors: [{id: s, type: source, settings: {url: 'mysql://u:pa$sword@h/', start: now}}]}]"};
  const auto entries = read_pipeline_file(file.path(), "");
  CHECK(entries.at("url") == "mysql://u:pa@h/");
  REQUIRE(log.lines.size() == 1);
  CHECK(log.lines.front().find("settings.url") != std::string::npos);
  CHECK(log.lines.front().find("sword") == std::string::npos);
}

TEST_CASE("errors of a pipeline file") {
  struct Case {
    const char* name;
    const char* text;
    const char* says;
  };
  const Case cases[] = {
      {"empty", "", "no source connector"},
      {"no pipelines", "version: 2.2\n", "no source connector"},
      {"no source", "pipelines: [{id: p, connectors: [{id: d, type: destination}]}]", "no source connector"},
      {"old version", "version: 1.1\npipelines: {}\n", ":1: version \"1.1\""},
      {"pipelines is a map", "version: 2.2\npipelines: {a: b}\n", ":2: pipelines must be a list"},
      {"pipeline is a word", "pipelines:\n  - a\n", ":2: pipelines holds maps"},
      {"connectors is a map", "pipelines:\n  - id: p\n    connectors: {a: b}\n", ":3: connectors must be a list"},
      {"not a map", "- a\n", ":1:"},
      {"settings is a list", "pipelines:\n  - connectors:\n    - {type: source, settings: [a]}\n", ":3: settings must be a map"},
      {"nested settings", "pipelines:\n  - connectors:\n    - type: source\n      settings:\n        a: {b: c}\n", ":5: one value"},
      {"twice", "pipelines:\n  - connectors:\n    - type: source\n      settings:\n        a: 1\n        a: 2\n",
       ":6: \"a\" is there twice"},
      {"tag", "pipelines:\n  - connectors:\n    - type: source\n      settings:\n        tables: !x\n", ":5:"},
      {"syntax", "pipelines: [\n", "check the YAML"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const test::TempFile file{c.text};
    const auto error = test::caught([&] { read_pipeline_source(file.path(), ""); });
    CHECK(error.code == ErrorCode::config_file);
    CHECK(error.says(c.says));
  }
}

}  // namespace
}  // namespace cdc::config
