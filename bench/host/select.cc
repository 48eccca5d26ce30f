/// bench-select: reads a table with as many connections as asked for, each a part of the key's range, and prints how many rows there
/// were: the connector's own streaming loop around nothing, the floor of a snapshot.

#include <fmt/format.h>
#include <mysql.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Wanted {
  std::string host = "127.0.0.1", user, table, key;
  unsigned port = 0;
  std::int64_t last = 0;  ///< The largest key; the smallest is 1.
  unsigned loops = 2;
};

struct Close {
  void operator()(MYSQL* handle) const noexcept { mysql_close(handle); }
};

/// Rows with first <= key < end; -1 and a line on stderr when it went wrong.
std::int64_t read_part(const Wanted& wanted, std::int64_t first, std::int64_t end) {
  const std::unique_ptr<MYSQL, Close> handle{mysql_init(nullptr)};
  MYSQL* const server = handle.get();
  const std::string sql =
      fmt::format("SELECT * FROM {0} WHERE {1} >= {2} AND {1} < {3} ORDER BY {1}", wanted.table, wanted.key, first, end);
  const char* const password = std::getenv("MYSQL_PWD");
  std::int64_t rows = 0;
  if (mysql_real_connect(server, wanted.host.c_str(), wanted.user.c_str(), password, nullptr, wanted.port, nullptr, 0) != nullptr &&
      mysql_real_query(server, sql.data(), sql.size()) == 0) {
    MYSQL_RES* const result = mysql_use_result(server);
    while (result != nullptr && mysql_fetch_row(result) != nullptr) ++rows;
    mysql_free_result(result);
  }
  if (mysql_errno(server) == 0) return rows;
  fmt::print(stderr, "{}\n", mysql_error(server));
  return -1;
}

}  // namespace

int main(int argc, char** argv) {
  Wanted wanted;
  CLI::App app{"Reads a table with bare loops."};
  app.add_option("--host", wanted.host);
  app.add_option("--port", wanted.port)->required();
  app.add_option("--user", wanted.user)->required();
  app.add_option("--table", wanted.table)->required();
  app.add_option("--key", wanted.key)->required();
  app.add_option("--last", wanted.last)->required()->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40));
  app.add_option("--loops", wanted.loops)->check(CLI::Range(1, 64));
  CLI11_PARSE(app, argc, argv);
  mysql_library_init(0, nullptr, nullptr);
  std::atomic<std::int64_t> rows = 0;
  std::atomic<bool> failed = false;
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < wanted.loops; ++i) {
      threads.emplace_back([&, i] {
        const std::int64_t part = read_part(wanted, 1 + wanted.last * i / wanted.loops, 1 + wanted.last * (i + 1) / wanted.loops);
        part < 0 ? failed = true : rows += part;
      });
    }
  }
  if (failed) return 1;
  fmt::print("{}\n", rows.load());
  return 0;
}
