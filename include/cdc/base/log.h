#pragma once

/// Log lines for people: one event, one line, on stderr. Never row values, never secrets.

#include <cstdint>
#include <functional>
#include <string_view>

namespace cdc {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// Takes every line at or above the level in force. Called under a lock: one line at a time.
using LogWriter = std::function<void(LogLevel level, std::string_view line)>;

/// Replaces where lines go (default: stderr, `warning: …`). Thread-safe.
void set_log_writer(LogWriter writer);
/// Lines below `level` are dropped. Default: info. Thread-safe.
void set_log_level(LogLevel level) noexcept;
/// One line, without line break: `reconnecting after=2s reason="…"`. Thread-safe.
void log(LogLevel level, std::string_view line);
/// `text` as it is. What cannot be written (no stderr, a full disk) is dropped: messages never change a run's outcome.
void write_to_stderr(std::string_view text) noexcept;

}  // namespace cdc
