#include "configuration.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/base/log.h"

namespace cdc::conduit {
namespace {

using config::Problem;

constexpr std::string_view blanks = " \t\r\n";

config::Entries with_trimmed_keys(const config::Entries& entries) {
  config::Entries out;
  for (const auto& [key, value] : entries) {
    const std::size_t begin = key.find_first_not_of(blanks);
    out[begin == key.npos ? std::string{} : key.substr(begin, key.find_last_not_of(blanks) - begin + 1)] = value;
  }
  return out;
}

bool names(const std::vector<Problem>& problems, std::string_view key) {
  return std::any_of(problems.begin(), problems.end(), [&](const Problem& problem) { return problem.key == key; });
}

void check_for_plugin(const config::Settings& settings, bool may_run_commands, std::vector<Problem>& problems) {
  if (settings.url.empty() && !names(problems, "url") && !names(problems, "dsn")) {
    problems.push_back({"url", "required parameter is not provided; for example mysql://user:password@host:3306/schema"});
  }
  if (!settings.password_command.empty() && !may_run_commands) {
    problems.push_back({"url.passwordCommand", "commands are off; set MYSQL_CDC_ALLOW_COMMAND=1 in the environment of Conduit"});
  }
}

/// As Conduit's own connectors say it.
std::string line_of(const Problem& problem) {
  constexpr std::string_view unknown = "unknown setting";
  if (problem.code == ErrorCode::setting_unknown && problem.text.starts_with(unknown)) {
    return fmt::format("\"{}\": unrecognized parameter{}", problem.key, std::string_view{problem.text}.substr(unknown.size()));
  }
  return fmt::format("error validating \"{}\": {}", problem.key, problem.text);
}

[[noreturn]] void refuse(const std::vector<Problem>& problems) {
  const auto first = problems.front().code;
  const bool agree = std::all_of(problems.begin(), problems.end(), [&](const Problem& problem) { return problem.code == first; });
  std::string text = "config invalid: ";
  for (const Problem& problem : problems) text.append(&problem == problems.data() ? "" : "\n").append(line_of(problem));
  throw Error{agree ? first : ErrorCode::setting_invalid, Remedy::operate, std::move(text), "correct the settings of this connector"};
}

}  // namespace

config::Settings read_configuration(const config::Entries& entries, bool may_run_commands) {
  std::vector<Problem> problems;
  const config::Entries trimmed = with_trimmed_keys(entries);
  config::Settings out = config::parse_settings(trimmed, problems);
  check_for_plugin(out, may_run_commands, problems);
  if (!problems.empty()) refuse(problems);
  for (const std::string& note : config::notes_on(trimmed)) log(LogLevel::info, note);
  return out;
}

}  // namespace cdc::conduit
