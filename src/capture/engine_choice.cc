#include "engine_choice.h"

#include <fmt/format.h>

#include "cdc/base/log.h"
#include "cdc/mysql/connection.h"
#include "changelog_start.h"
#include "changelog_state.h"

namespace cdc::capture {
namespace {

using config::Engine;

Position stored_position(const CaptureOptions& options, const Position& start) {
  const bool in_text = std::holds_alternative<std::monostate>(start) && options.range.from.starts_with('{');
  return in_text ? parse_position(options.range.from) : start;
}

[[noreturn]] void throw_other_engine(std::string_view of, std::string_view asked) {
  throw Error{ErrorCode::position_invalid, Remedy::operate, fmt::format("the position is of engine {}, and engine={} is set", of, asked),
              fmt::format("engine={} goes on from it; or start anew, without the position", of)};
}

/// Nothing when there is none, or none that can be read.
std::optional<std::string> changelog_there(const mysql::Endpoint& endpoint, const CaptureOptions& options, const std::stop_token& stop) {
  try {
    mysql::Connection connection{endpoint, stop};
    const catalog::ChangelogNames names = find_names(connection, options);
    if (find_changelog(connection, names)) return names.quoted("log");
  } catch (const Error& error) {
    if (error.remedy() == Remedy::retry) throw;
  }
  return std::nullopt;
}

}  // namespace

Engine engine_by_position(const CaptureOptions& options, const Position& start) {
  const Position stored = stored_position(options, start);
  const Engine asked = options.settings.engine;
  if (std::holds_alternative<ChangelogPosition>(stored)) {
    if (asked == Engine::binlog) throw_other_engine("trigger", "binlog");
    return Engine::trigger;
  }
  if (std::holds_alternative<BinlogPosition>(stored)) {
    if (asked == Engine::trigger) throw_other_engine("binlog", "trigger");
    return Engine::binlog;
  }
  return asked;
}

bool is_for_changelog(const Error& refusal) noexcept {
  return refusal.code() == ErrorCode::binlog_disabled || refusal.code() == ErrorCode::binlog_format ||
         refusal.code() == ErrorCode::privilege_missing;
}

void require_changelog_instead(const mysql::Endpoint& endpoint, const CaptureOptions& options, const Error& refusal,
                               const std::stop_token& stop) {
  if (const auto log_table = changelog_there(endpoint, options, stop))
    return log(LogLevel::info,
               fmt::format("engine=auto: the changelog {} is read, as the binlog cannot be: {}", *log_table, refusal.message()));
  throw Error{refusal.code(), refusal.remedy(), fmt::format("{}; and there is no changelog", refusal.message()),
              fmt::format("{}; or, without the binlog: mysql-cdc triggers install URL --tables … --apply", refusal.cure())};
}

}  // namespace cdc::capture
