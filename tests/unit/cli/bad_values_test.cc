#include <doctest/doctest.h>

#include "cdc/base/error.h"
#include "cdc/cli/json_sink.h"
#include "cdc/cli/sql_sink.h"
#include "cdc/cli/text_sink.h"
#include "hex.h"
#include "scene.h"

namespace cdc::cli {
namespace {

using namespace cdc::test;

/// The message of what `sink` throws of a row, and what of the row was printed by then.
struct Refused {
  std::string message, printed;
};
template <class Sink, class... More>
Refused refused(const Change& change, More&&... more) {
  Captured captured;
  Sink sink{captured.output(), more...};
  const std::string top = captured.text();
  try {
    sink.on_change(change);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::value_malformed);
    return {std::string{error.message()}, captured.text().substr(top.size())};
  }
  return {};
}

TEST_CASE("a DECIMAL or a document that is damaged names its column, and nothing of its row is printed") {
  const ExactBytes no_digits = from_hex("8fffffffff"), no_document = from_hex("00ffff");
  const std::string large(2'000'000, 'x');
  const struct {
    std::string name;
    Value value;
    ColumnType type;
    std::string said;
  } cases[] = {
      {"decimal", data(ValueKind::decimal, no_digits, 10, 2), ColumnType::decimal, "column `v`: the DECIMAL has digits that are none"},
      {"document", data(ValueKind::json, no_document), ColumnType::json,
       "column `v` of `shop`.`orders`: the JSON document does not decode"},
  };
  for (const auto& c : cases) {
    for (const std::string_view beside : {std::string_view{"small"}, std::string_view{large}}) {
      CAPTURE(c.name);
      CAPTURE(beside.size());
      const Scene scene{{column("id"), column("beside"), column("v", c.type)}};
      const std::vector<Value> row{integer(7), text(beside), c.value};
      const Change change = scene.change(Operation::create, {}, row);
      const Refused all[] = {refused<JsonSink>(change, RecordForm{}), refused<SqlSink>(change), refused<TextSink>(change, TextForm{}, 0)};
      for (const Refused& one : all) {
        CHECK(one.message == c.said);
        CHECK(one.printed.find("small") == std::string::npos);
        CHECK(one.printed.size() < 200);
      }
    }
  }
}

}  // namespace
}  // namespace cdc::cli
