#include "arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstring>
#include <map>

#include "cdc/base/error.h"
#include "help.h"

namespace cdc::cli {
namespace {

const std::map<std::string, Format> formats{{"text", Format::text}, {"json", Format::json}, {"sql", Format::sql}};
using Action = TriggersArguments::Action;
const std::map<std::string, Action> actions{{"install", Action::install},
                                            {"upgrade", Action::upgrade},
                                            {"uninstall", Action::uninstall},
                                            {"status", Action::status},
                                            {"check", Action::check}};
const std::map<std::string, When> whens{{"auto", When::automatic}, {"always", When::always}, {"never", When::never}};

[[noreturn]] void refuse(std::string what, std::string_view command) {
  throw Error{ErrorCode::usage, Remedy::operate, std::move(what), fmt::format("mysql-cdc{}{} --help", command.empty() ? "" : " ", command)};
}

/// An option with a closed list of words.
template <class Choice>
CLI::Option* add_choice(CLI::App& app, const std::string& name, Choice& to, const std::map<std::string, Choice>& words) {
  return app.add_option_function<std::string>(name, [&to, &words, name](const std::string& word) {
    const auto found = words.find(word);
    if (found == words.end()) {
      std::string allowed;
      for (const auto& [known, value] : words) allowed.append(allowed.empty() ? "" : ", ").append(known);
      throw CLI::ValidationError(name, fmt::format("{} is none of {}", word, allowed));
    }
    to = found->second;
  });
}

/// Not repeated when it could hold a password, in whatever form.
std::string describe_unknown(const std::string& argument, bool instead_of_command) {
  if (argument.find('@') != argument.npos) return "one argument too many";
  const std::string_view what = argument.starts_with('-') ? "option" : instead_of_command ? "command" : "argument";
  if (argument.find_first_of(":=") != argument.npos) return fmt::format("unknown {}, or one argument too many", what);
  return fmt::format("unknown {} {}", what, argument);
}

void take_duration(const std::string& text, DryRunArguments& to) {
  to.duration = parse_duration(text);
  if (!to.duration) throw CLI::ValidationError("--for", fmt::format("{} is no duration such as 30s, 5m or 1h30m", text));
}

void take_limit(const std::string& text, DryRunArguments& to) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), to.limit);
  if (failure == std::errc{} && end == text.data() + text.size() && to.limit != 0) return;
  throw CLI::ValidationError("--limit", fmt::format("{} is no whole number from 1", text));
}

/// Which server, by which settings: what every command that connects takes.
CLI::Option* add_source(CLI::App& app, DryRunArguments& to, When& color) {
  app.add_option("url", to.url);
  CLI::Option* const config = app.add_option("--config", to.config_file);
  CLI::Option* const pipeline = app.add_option("--pipeline", to.pipeline_file)->excludes(config);
  app.add_option("--set", to.set)->expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--tables", to.tables);
  add_choice(app, "--color", color, whens);
  app.add_flag("--ask-password", to.ask_password);
  return pipeline;
}

void add_triggers(CLI::App& app, TriggersArguments& to, When& color) {
  CLI::Option* const action = app.add_option_function<std::string>("action", [&to](const std::string& word) {
    const auto found = actions.find(word);
    if (found == actions.end()) throw CLI::ValidationError("triggers", "the action is one of install, upgrade, uninstall, status, check");
    to.action = found->second;
  });
  action->required();
  add_source(app, to.source, color);
  CLI::Option* const print = app.add_flag("--print", to.print);
  app.add_flag("--apply", to.apply)->excludes(print);
  app.add_flag("--discard", to.discard);
}

void add_dry_run(CLI::App& app, DryRunArguments& to, When& color) {
  CLI::Option* const pipeline = add_source(app, to, color);
  app.add_option("--binlog", to.binlog_files)->expected(1, 1'000'000)->excludes(pipeline);
  app.add_option("--metadata", to.metadata);
  app.add_option("--collection", to.collection);
  app.add_option("--from", to.from);
  app.add_option("--until", to.until);
  app.add_option_function<std::string>("--limit", [&to](const std::string& text) { take_limit(text, to); });
  app.add_option_function<std::string>("--for", [&to](const std::string& text) { take_duration(text, to); });
  add_choice(app, "--format", to.format, formats);
  app.add_flag("--snapshot", to.snapshot);
}

/// Where a URL's or a DSN's user begins; an option may hold one behind an equals sign: `--set=dsn=user:password@…`.
std::size_t login_begin(std::string_view argument) noexcept {
  constexpr std::string_view scheme_end = "://";
  if (const std::size_t scheme = argument.find(scheme_end); scheme != argument.npos) return scheme + scheme_end.size();
  if (!argument.starts_with('-')) return 0;
  const std::size_t equals = argument.find('=');
  return equals == argument.npos ? argument.npos : equals + 1;
}

}  // namespace

namespace {

/// Combinations that mean nothing.
void check_dry_run(const DryRunArguments& given) {
  constexpr std::string_view command = "dry-run";
  if (!given.url.empty() && !given.binlog_files.empty()) refuse("either a URL or --binlog, not both", command);
  if (given.snapshot && !given.binlog_files.empty()) refuse("--snapshot reads tables of a server, not files", command);
  if (given.snapshot && !given.from.empty() && !given.from.starts_with('{'))
    refuse("--snapshot finds where the stream begins: --from may only be a record's position, to go on with a snapshot", command);
}

void check_triggers(const TriggersArguments& given) {
  const bool changes = given.action != Action::status && given.action != Action::check;
  if (!changes && (given.print || given.apply)) refuse("status and check change nothing: --print and --apply are not for them", "triggers");
  if (given.discard && given.action != Action::uninstall) refuse("--discard is for uninstall", "triggers");
}

struct Subcommand {
  CLI::App* app;
  std::string_view help;
  Arguments::Command command;
};

}  // namespace

Arguments parse_arguments(int argc, const char* const* argv) {
  Arguments out;
  CLI::App app;
  app.name("mysql-cdc");
  app.require_subcommand(0, 1);
  using Command = Arguments::Command;
  const Subcommand subcommands[] = {{app.add_subcommand("dry-run"), dry_run_help, Command::dry_run},
                                    {app.add_subcommand("triggers"), triggers_help, Command::triggers},
                                    {app.add_subcommand("version"), version_help, Command::version}};
  bool version_flag = false;
  app.add_flag("--version,-V", version_flag);
  add_dry_run(*subcommands[0].app, out.dry_run, out.color);
  add_triggers(*subcommands[1].app, out.triggers, out.color);
  const auto given = [&] {
    for (const Subcommand& subcommand : subcommands)
      if (subcommand.app->parsed()) return subcommand;
    return Subcommand{&app, main_help, Command::help};
  };
  const auto name = [&]() -> std::string { return given().app == &app ? "" : given().app->get_name(); };
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    out.help = given().help;
    return out;
  } catch (const CLI::ExtrasError&) {
    refuse(describe_unknown(given().app->remaining().at(0), name().empty()), name());
  } catch (const CLI::ParseError& error) {
    refuse(error.what(), name());
  }
  out.help = main_help;
  out.command = version_flag ? Command::version : given().command;
  check_dry_run(out.dry_run);
  if (out.command == Command::triggers) check_triggers(out.triggers);
  return out;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept {
  struct Unit {
    std::string_view name;
    double milliseconds;
  };
  constexpr Unit units[] = {{"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}, {"d", 86400e3}, {"", 1e3}};
  constexpr double most = 1e12;
  double sum = 0;
  bool first = true;
  for (; first || !text.empty(); first = false) {
    double number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (failure != std::errc{} || number < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::string_view name = text.substr(0, text.find_first_of("0123456789."));
    const auto* const unit = std::find_if(std::begin(units), std::end(units), [&](const Unit& known) { return known.name == name; });
    if (unit == std::end(units) || (name.empty() && !first)) return std::nullopt;
    text.remove_prefix(name.size());
    sum += number * unit->milliseconds;
  }
  if (!(sum <= most)) return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(sum)};
}

bool hide_passwords(int argc, char** argv) noexcept {
  bool any = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument{argv[i]};
    const std::size_t start = login_begin(argument);
    const std::size_t colon = start == argument.npos ? argument.npos : argument.find(':', start);
    const std::size_t at = argument.rfind('@');
    if (colon == argument.npos || at == argument.npos || at <= colon + 1) continue;
    std::memset(argv[i] + colon + 1, 'x', at - colon - 1);
    any = true;
  }
  return any;
}

}  // namespace cdc::cli
