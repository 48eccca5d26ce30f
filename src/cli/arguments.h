#pragma once

/// What was asked for on the command line, not yet looked at closely.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cdc::cli {

enum class Format : std::uint8_t { automatic, text, json, sql };
enum class When : std::uint8_t { automatic, always, never };

struct DryRunArguments {
  std::string url;  ///< Secret inside.
  std::string config_file;
  std::string pipeline_file;
  std::vector<std::string> set;  ///< `key=value` each.
  std::vector<std::string> binlog_files;
  std::string tables, metadata, collection;  ///< Empty: not given.
  std::string from, until;
  std::uint64_t limit = 0;  ///< 0 = none.
  std::optional<std::chrono::milliseconds> duration;
  Format format = Format::automatic;
  bool ask_password = false;
  bool snapshot = false;
};

struct TriggersArguments {
  enum class Action : std::uint8_t { install, upgrade, uninstall, status, check } action = Action::status;
  DryRunArguments source;  ///< URL, files and settings.
  bool print = false, apply = false, discard = false;
};

struct Arguments {
  enum class Command : std::uint8_t { help, version, dry_run, triggers } command = Command::help;
  std::string help;  ///< Text to print, of the whole or of one command.
  When color = When::automatic;
  DryRunArguments dry_run;
  TriggersArguments triggers;
};

/// Throws Error(usage) naming what is wrong and which help to read.
Arguments parse_arguments(int argc, const char* const* argv);

/// `10s`, `1h30m`, `250ms`, or plain seconds; none when it is something else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;

/// Overwrites with `x` what looks like a password in any argument; whether there was one.
bool hide_passwords(int argc, char** argv) noexcept;

}  // namespace cdc::cli
