// `mysql-cdc triggers`: what it takes, and how it shows numbers.
#include <doctest/doctest.h>

#include "arguments.h"
#include "cdc/base/error.h"
#include "help.h"
#include "triggers_report.h"

namespace cdc::cli {
namespace {

using Action = TriggersArguments::Action;

Arguments parse(std::vector<const char*> words) {
  words.insert(words.begin(), {"mysql-cdc", "triggers"});
  return parse_arguments(static_cast<int>(words.size()), words.data());
}

TEST_CASE("actions of triggers") {
  struct Case {
    std::string name;
    Action action;
  };
  const Case cases[] = {{"install", Action::install},
                        {"upgrade", Action::upgrade},
                        {"uninstall", Action::uninstall},
                        {"status", Action::status},
                        {"check", Action::check}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const Arguments got = parse({c.name.c_str(), "mysql://u@h/d", "--tables", "t", "--set", "a=1", "--color", "never"});
    CHECK(got.command == Arguments::Command::triggers);
    CHECK(got.triggers.action == c.action);
    CHECK(got.triggers.source.url == "mysql://u@h/d");
    CHECK(got.triggers.source.tables == "t");
    CHECK(got.triggers.source.set == std::vector<std::string>{"a=1"});
    CHECK(got.color == When::never);
  }
  CHECK(parse({"install", "u", "--print"}).triggers.print);
  CHECK(parse({"install", "u", "--apply"}).triggers.apply);
  CHECK(parse({"uninstall", "u", "--apply", "--discard"}).triggers.discard);
  CHECK(parse({"--help"}).help == triggers_help);
}

TEST_CASE("what triggers does not take") {
  const std::vector<std::vector<const char*>> cases = {
      {},
      {"instal", "u"},
      {"install", "u", "--print", "--apply"},
      {"status", "u", "--apply"},
      {"check", "u", "--print"},
      {"install", "u", "--discard"},
      {"install", "u", "--from", "now"},
      {"install", "u", "v"},
  };
  for (const auto& words : cases) {
    CAPTURE(words.size());
    CAPTURE(std::string{words.empty() ? "" : words.back()});
    try {
      parse(words);
      FAIL("taken");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::usage);
      CHECK(error.cure() == "mysql-cdc triggers --help");
    }
  }
}

TEST_CASE("every option of triggers is explained") {
  for (const std::string option : {"--print", "--apply", "--discard", "--tables", "--set", "--color"}) {
    CAPTURE(option);
    CHECK(triggers_help.find("\n  " + option + " ") != std::string_view::npos);
  }
}

TEST_CASE("durations and sizes for people") {
  struct Case {
    std::int64_t number;
    std::string duration, size;
  };
  const Case cases[] = {{0, "0 s", "0 B"},        {119, "119 s", "119 B"},       {120, "2 min", "120 B"},
                        {7200, "2 h", "7.0 KiB"}, {200'000, "2 d", "195.3 KiB"}, {3'221'225'472, "37282 d", "3.0 GiB"}};
  for (const Case& c : cases) {
    CAPTURE(c.number);
    CHECK(rough_duration(c.number) == c.duration);
    CHECK(rough_size(static_cast<std::uint64_t>(c.number)) == c.size);
  }
  CHECK(rough_duration(-5) == "0 s");
}

}  // namespace
}  // namespace cdc::cli
