#include "cdc/base/log.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cdc {

TEST_CASE("lines below the level are dropped, the others arrive whole and in order") {
  std::vector<std::string> lines;
  set_log_writer(
      [&](LogLevel level, std::string_view line) { lines.push_back(std::to_string(static_cast<int>(level)) + std::string{line}); });
  set_log_level(LogLevel::warning);
  log(LogLevel::debug, "a");
  log(LogLevel::info, "b");
  log(LogLevel::warning, "c");
  log(LogLevel::error, "d");
  set_log_level(LogLevel::debug);
  log(LogLevel::debug, "e");
  set_log_level(LogLevel::info);
  set_log_writer([](LogLevel, std::string_view) {});
  CHECK((lines == std::vector<std::string>{"2c", "3d", "0e"}));
}

}  // namespace cdc
