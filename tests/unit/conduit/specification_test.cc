#include "specification.h"

#include <connector/v2/specifier.pb.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "cdc/config/settings.h"
#include "messages.h"

namespace cdc::conduit {
namespace {

bool trimmed(std::string_view text) {
  return !text.empty() && std::isspace(static_cast<unsigned char>(text.front())) == 0 &&
         std::isspace(static_cast<unsigned char>(text.back())) == 0;
}

const Parameter& parameter(const Specification& specification, std::string_view name) {
  const auto& all = specification.source_parameters;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Parameter& known) { return known.name == name; });
  REQUIRE(found != all.end());
  return *found;
}

TEST_CASE("name, summary, description, version and author are as hosts want them") {
  const Specification spec = specification();
  for (const std::string_view text : {spec.name, spec.summary, spec.description, spec.author}) CHECK(trimmed(text));
  REQUIRE(spec.version.starts_with("v"));
  int dots = 0;
  for (const char c : spec.version.substr(1)) {
    CHECK((c == '.' || std::isdigit(static_cast<unsigned char>(c)) != 0));
    dots += c == '.';
  }
  CHECK(dots == 2);
}

TEST_CASE("every setting is a parameter, with a name that hosts take and a description") {
  const Specification spec = specification();
  CHECK(spec.source_parameters.size() == config::all_settings().size());
  std::set<std::string> names;
  for (const Parameter& one : spec.source_parameters) {
    CAPTURE(one.name);
    CHECK(names.insert(one.name).second);
    CHECK(std::all_of(one.name.begin(), one.name.end(),
                      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '*'; }));
    CHECK(trimmed(one.description));
  }
}

TEST_CASE("types and validations follow the table of settings") {
  const Specification spec = specification();
  struct Case {
    std::string name;
    ParameterType type;
    std::string default_text;
    std::vector<Validation> validations;
  };
  const Case cases[] = {
      {"url", ParameterType::string, "", {{ValidationType::required, ""}}},
      {"tables", ParameterType::string, "*", {}},
      {"tables.allowNone", ParameterType::boolean, "false", {}},
      {"engine", ParameterType::string, "auto", {{ValidationType::inclusion, "auto,binlog,trigger"}}},
      {"heartbeat", ParameterType::duration, "10s", {}},
      {"sdk.batch.size", ParameterType::integer, "1000", {{ValidationType::greater_than, "-1"}, {ValidationType::less_than, "1000001"}}},
      {"snapshot.chunkRows", ParameterType::integer, "50000", {{ValidationType::greater_than, "0"}}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Parameter& found = parameter(spec, c.name);
    CHECK(found.type == c.type);
    CHECK(found.default_text == c.default_text);
    CHECK(found.validations == c.validations);
  }
}

TEST_CASE("the message on the wire says the same") {
  ::connector::v2::Specifier::Specify::Response response;
  const Specification spec = specification();
  REQUIRE(response.ParseFromString(encode_specification(spec)));
  CHECK(response.specification().name() == spec.name);
  CHECK(response.specification().destination_params().empty());
  const auto& parameters = response.specification().source_params();
  CHECK(parameters.size() == spec.source_parameters.size());
  const auto& size = parameters.at("sdk.batch.size");
  CHECK(size.type() == ::config::v1::Parameter::TYPE_INT);
  CHECK(size.default_() == "1000");
  REQUIRE(size.validations_size() == 2);
  CHECK(size.validations(0).type() == ::config::v1::Validation::TYPE_GREATER_THAN);
  CHECK(size.validations(0).value() == "-1");
}

}  // namespace
}  // namespace cdc::conduit
