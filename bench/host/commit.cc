/// bench-committer: commits one statement after the other at a steady pace, and when each was sent and its commit heard of.
///
/// The server's URL is in MYSQL_CDC_URL. `%` in the statement stands for the number of the commit, from 1. The file gets two numbers a
/// commit, sent and heard: nanoseconds of the monotonic clock, 8 bytes each.

#include <fmt/format.h>
#include <time.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/mysql/connection.h"
#include "times.h"

namespace {

using cdc::bench::now_ns;
using cdc::bench::second_ns;

void sleep_until(std::int64_t ns) noexcept {
  const timespec due{ns / second_ns, ns % second_ns};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr);
}

std::string numbered(const std::string& statement, std::int64_t number) {
  const std::size_t at = statement.find('%');
  return at == std::string::npos ? statement : statement.substr(0, at) + std::to_string(number) + statement.substr(at + 1);
}

std::vector<std::int64_t> commit(cdc::mysql::Connection& connection, const std::string& statement, std::int64_t count,
                                 std::int64_t pace_ns) {
  std::vector<std::int64_t> out;
  out.reserve(static_cast<std::size_t>(2 * count));
  std::int64_t due = now_ns();
  for (std::int64_t number = 1; number <= count; ++number, due += pace_ns) {
    const std::string text = numbered(statement, number);
    sleep_until(due);
    out.push_back(now_ns());
    connection.query(text);
    out.push_back(now_ns());
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  std::string statement, path;
  std::int64_t count = 0, per_second = 1000;
  CLI::App app{"Commits at a steady pace."};
  app.add_option("--statement", statement)->required();
  app.add_option("--count", count)->required()->check(CLI::Range(1, 10'000'000));
  app.add_option("--per-second", per_second)->check(CLI::Range(1, 100'000));
  app.add_option("--times", path)->required();
  CLI11_PARSE(app, argc, argv);
  const char* const url = std::getenv("MYSQL_CDC_URL");
  try {
    cdc::mysql::Connection connection{cdc::mysql::parse_endpoint(url == nullptr ? "" : url), {}};
    const std::vector<std::int64_t> times = commit(connection, statement, count, second_ns / per_second);
    if (cdc::bench::write_times(path, times)) return 0;
    fmt::print(stderr, "{} cannot be written\n", path);
    return 1;
  } catch (const cdc::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
