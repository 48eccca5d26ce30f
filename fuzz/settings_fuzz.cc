// Contract under fuzz: no crash, no sanitizer report, no exception but cdc::Error; every problem names a key that was given, and neither
// problems nor errors repeat a secret. What was taken compiles or is refused, and rules answer for any name.
// Input: lines `key=value`; behind an empty line, names of tables. `url` and `dsn` are also read as endpoints.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "cdc/base/error.h"
#include "cdc/config/settings.h"
#include "cdc/config/table_rules.h"
#include "cdc/mysql/endpoint.h"
#include "require.h"

namespace cdc::config {
namespace {

constexpr std::size_t telling_size = 8;  // shorter texts occur by themselves

std::string_view next_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

Entries read_entries(std::string_view& text) {
  Entries out;
  for (std::string_view line = next_line(text); !line.empty(); line = next_line(text)) {
    const std::size_t equals = std::min(line.find('='), line.size());
    out[std::string{line.substr(0, equals)}] = line.substr(std::min(equals + 1, line.size()));
  }
  return out;
}

void check_endpoint(const std::string& url) {
  try {
    const mysql::Endpoint endpoint = mysql::parse_endpoint(url);
    const std::string name = mysql::display_name(endpoint);
    const bool elsewhere =
        endpoint.password.size() < telling_size ||
        (endpoint.user + endpoint.host + endpoint.database + endpoint.socket).find(endpoint.password) != std::string::npos;
    require(elsewhere || name.find(endpoint.password) == std::string::npos, "a name without the password");
  } catch (const Error& error) {
    require(error.code() == ErrorCode::url_invalid, "a refusal of the URL");
    require(url.size() < telling_size || error.message().find(url) == std::string_view::npos, "nothing of the URL");
  }
}

void check_rules(const Settings& settings, std::string_view names) {
  try {
    const TableRules tables{settings.tables, "shop"};
    const ColumnRules columns{settings};
    for (std::string_view name = next_line(names); !name.empty(); name = next_line(names)) {
      require(!tables.matches("mysql", name), "system schemas never match");
      static_cast<void>(tables.matches("shop", name));
      static_cast<void>(columns.excluded("shop", name, name) || columns.mask("shop", name, name));
    }
  } catch (const Error& error) {
    require(error.code() == ErrorCode::setting_invalid, "a refusal of the rules");
  }
}

void check(std::string_view text) {
  const Entries entries = read_entries(text);
  std::vector<Problem> problems;
  const Settings settings = parse_settings(entries, problems);
  for (const Problem& problem : problems)
    require(entries.contains(problem.key) || problem.key == "(key not shown)", "problems are of given keys");
  for (const char* const key : {"url", "dsn"})
    if (const auto url = entries.find(key); url != entries.end()) check_endpoint(url->second);
  require(rules_fingerprint(settings, "shop").size() == 8, "eight digits");
  if (problems.empty()) check_rules(settings, text);
}

}  // namespace
}  // namespace cdc::config

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cdc::config::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
