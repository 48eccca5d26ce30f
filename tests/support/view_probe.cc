// Opens views as the snapshot does and says where they stand, for tests that know better:
//     view_probe URL COUNT [KEY=VALUE…]
// KEY: `table` schema.table to be read (again for more); `lock` none or brief; `timeout_ms` for the lock; `attempts` and `time_ms`, the
// limits; `sql` to be run in every view (again for more); `stop_ms` requests a stop after as long; `rounds`; `hold` 1 keeps the views until
// stdin ends. Prints a line of JSON a round: method, gtid, file, at, attempts, locked tables, views (the first row of each sql).

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/base/wait.h"
#include "cdc/snapshot/views.h"

namespace cdc {
namespace {

using std::chrono::milliseconds;

struct Request {
  snapshot::ViewOptions options;
  std::vector<std::string> statements;
  milliseconds stop_after{0};
  int rounds = 1;
  bool hold = false;
};

void take(Request& request, std::string_view word) {
  const std::size_t equals = std::min(word.find('='), word.size());
  const std::string_view key = word.substr(0, equals);
  const std::string value{word.substr(std::min(equals + 1, word.size()))};
  const auto number = [&] { return std::atoi(value.c_str()); };
  if (key == "table") request.options.tables.push_back({value.substr(0, value.find('.')), value.substr(value.find('.') + 1)});
  if (key == "lock") request.options.brief_lock = value == "brief";
  if (key == "timeout_ms") request.options.lock_timeout = milliseconds{number()};
  if (key == "attempts") request.options.limits.attempts_max = static_cast<std::uint32_t>(number());
  if (key == "time_ms") request.options.limits.time_max = milliseconds{number()};
  if (key == "sql") request.statements.push_back(value);
  if (key == "stop_ms") request.stop_after = milliseconds{number()};
  if (key == "rounds") request.rounds = number();
  if (key == "hold") request.hold = value == "1";
}

std::string list_of(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) out.append(out.size() > 1 ? "," : "").append(item);
  return out + "]";
}

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text); }

std::string first_row(mysql::Connection& connection, const std::string& sql) {
  std::vector<std::string> fields;
  connection.query(sql, [&](mysql::RowView row) {
    if (!fields.empty()) return;
    for (const auto& field : row) fields.push_back(field ? quoted(*field) : "null");
  });
  return list_of(fields);
}

std::string answers(mysql::Connection& connection, const std::vector<std::string>& statements) {
  std::vector<std::string> rows;
  for (const std::string& sql : statements) rows.push_back(first_row(connection, sql));
  return list_of(rows);
}

void print(snapshot::Views& views, const std::vector<std::string>& statements) {
  std::vector<std::string> each, locked;
  for (std::size_t i = 0; i < views.count(); ++i) each.push_back(answers(views.connection(i), statements));
  for (const auto& name : views.locked_tables()) locked.push_back(quoted(name.schema + "." + name.table));
  const snapshot::StreamPoint& point = views.point();
  fmt::print(R"({{"method":{},"gtid":"{}","file":"{}","at":{},"attempts":{},"locked":{},"views":{}}})"
             "\n",
             static_cast<int>(views.method()), point.gtid, point.file, point.at, views.attempts(), list_of(locked), list_of(each));
  std::fflush(stdout);
}

void run(int count, char** words) {
  Request request;
  for (int i = 3; i < count; ++i) take(request, words[i]);
  const mysql::Endpoint endpoint = mysql::parse_endpoint(words[1]);
  std::jthread stopper;
  std::stop_source stop;
  if (request.stop_after != milliseconds{0})
    stopper = std::jthread{[&](const std::stop_token& ended) { wait_for(request.stop_after, ended) && stop.request_stop(); }};
  for (int round = 0; round < request.rounds; ++round) {
    snapshot::Views views =
        snapshot::open_views(endpoint, static_cast<std::size_t>(std::atoi(words[2])), request.options, stop.get_token());
    print(views, request.statements);
    while (request.hold && std::getchar() != EOF) continue;
  }
}

}  // namespace
}  // namespace cdc

int main(int count, char** words) {
  try {
    if (count < 3) return 1;
    cdc::run(count, words);
    return 0;
  } catch (const cdc::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
