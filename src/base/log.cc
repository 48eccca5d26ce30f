#include "cdc/base/log.h"

#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <mutex>
#include <utility>

namespace cdc {
namespace {

std::string_view prefix(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::debug: return "debug: ";
    case LogLevel::info: return "";
    case LogLevel::warning: return "warning: ";
    case LogLevel::error: return "error: ";
  }
  return "";
}

std::atomic<LogLevel> lowest{LogLevel::info};
std::mutex writer_mutex;

LogWriter& writer() {
  static LogWriter instance = [](LogLevel level, std::string_view line) { write_to_stderr(fmt::format("{}{}\n", prefix(level), line)); };
  return instance;
}

}  // namespace

void set_log_writer(LogWriter replacement) {
  const std::lock_guard lock{writer_mutex};
  writer() = std::move(replacement);
}

void set_log_level(LogLevel level) noexcept { lowest.store(level, std::memory_order_relaxed); }

void log(LogLevel level, std::string_view line) {
  if (level < lowest.load(std::memory_order_relaxed)) return;
  const std::lock_guard lock{writer_mutex};
  writer()(level, line);
}

void write_to_stderr(std::string_view text) noexcept { static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr)); }

}  // namespace cdc
