#include "methods.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/catalog/fields.h"

namespace cdc::snapshot {
namespace {

using mysql::Flavor;
using mysql::Rows;

constexpr std::string_view open_view = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
constexpr std::string_view show_warnings = "SHOW WARNINGS";
constexpr std::string_view server_snapshot_point = "SHOW STATUS LIKE 'binlog_snapshot_%'";
/// One row of one moment: what it reads, it reads under locks.
constexpr std::string_view log_status_point =
    "SELECT LOCAL->>'$.binary_log_file', LOCAL->>'$.binary_log_position', LOCAL->>'$.gtid_executed' FROM performance_schema.log_status";
constexpr std::string_view executed_set = "SELECT @@GLOBAL.gtid_executed";
constexpr std::string_view owned_set = "SELECT @@GLOBAL.gtid_owned";
constexpr std::string_view anonymous_count =
    "SELECT NULLIF(VARIABLE_VALUE, '0') FROM performance_schema.global_status WHERE VARIABLE_NAME = 'Ongoing_anonymous_transaction_count'";

constexpr std::uint64_t first_event_at = 4;

std::string without_blanks(std::string text) {
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
  return text;
}

Error strange_answer(std::string_view what) {
  return Error{ErrorCode::snapshot_point, Remedy::operate, fmt::format("the server's answer does not tell a point of the binlog: {}", what),
               "check that the url leads to the server itself and not to a proxy that rewrites statements"};
}

Error no_binlog() {
  return Error{ErrorCode::binlog_disabled, Remedy::operate, "the server writes no binlog (log_bin=OFF)",
               "add to the server's my.cnf under [mysqld]: log_bin=binlog, server_id=1, binlog_format=ROW; then restart it"};
}

std::string field(const Rows& rows, std::size_t row, std::size_t column) {
  if (row >= rows.size() || column >= rows[row].size()) return {};
  return rows[row][column].value_or("");
}

StreamPoint place(std::string file, std::string_view at, std::string gtid) {
  StreamPoint out{without_blanks(std::move(gtid)), std::move(file), catalog::number_of<std::uint64_t>(at)};
  if (out.file.empty()) throw no_binlog();
  if (out.at < first_event_at) throw strange_answer(fmt::format("offset {} in {}", out.at, out.file));
  return out;
}

StreamPoint point_of_server_snapshot(const Rows& rows) {
  std::string file, at;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string name = field(rows, i, 0);
    if (name == "Binlog_snapshot_file") file = field(rows, i, 1);
    if (name == "Binlog_snapshot_position") at = field(rows, i, 1);
  }
  return place(std::move(file), at, {});
}

StreamPoint point_of_log_status(const Rows& rows) {
  if (rows.size() != 1) throw strange_answer(fmt::format("log_status has {} rows", rows.size()));
  return place(field(rows, 0, 0), field(rows, 0, 1), field(rows, 0, 2));
}

StreamPoint point_of_executed_set(const Rows& rows) {
  if (rows.size() != 1 || rows[0].size() != 1 || !rows[0][0]) throw strange_answer("gtid_executed is missing");
  return {.gtid = without_blanks(*rows[0][0]), .file = {}, .at = 0};
}

/// Of each method, in the order of Method.
struct MethodRow {
  std::string_view name;
  StreamPoint (*point)(const Rows& rows);
};
constexpr MethodRow method_rows[] = {
    {"binlog_snapshot_position of the view", point_of_server_snapshot},
    {"performance_schema.log_status", point_of_log_status},
    {"gtid_executed", point_of_executed_set},
    {"a brief table lock", nullptr},
};

const MethodRow& row_of(Method method) noexcept { return method_rows[static_cast<std::size_t>(method)]; }

/// Servers that are known to let log_status wait for what is between log and commit.
bool log_status_waits(const mysql::ServerVersion& version) noexcept { return version.at_least(9, 7); }

void require_no_warning(const Rows& rows) {
  constexpr std::size_t text_column = 2;
  if (rows.empty()) return;
  throw Error{ErrorCode::snapshot_point, Remedy::operate,
              fmt::format("the server opened no consistent view: {}", field(rows, 0, text_column)),
              "leave transaction_isolation of this account's sessions alone: no init_connect that changes it, no proxy between"};
}

bool nothing_in_flight(const Rows& rows) { return rows.size() == 1 && field(rows, 0, 0).empty(); }

}  // namespace

std::string_view name_of(Method method) noexcept { return row_of(method).name; }

std::optional<Method> lock_free_method(const Abilities& abilities) noexcept {
  if (abilities.version.flavor == Flavor::mariadb) return Method::server_snapshot;
  if (abilities.log_status) return Method::log_status;
  if (abilities.gtid) return Method::executed_set;
  return std::nullopt;
}

std::vector<Statement> script_of(Method method, const Abilities& abilities) {
  using enum Step;
  std::vector<Statement> out;
  if (method == Method::log_status) {
    const bool waits = log_status_waits(abilities.version);
    out.push_back({point_before, log_status_point});
    if (!waits || (abilities.gtid && !abilities.ordered_commits)) out.push_back({in_flight, owned_set});
    if (!waits && !abilities.gtid) out.push_back({in_flight, anonymous_count});
  }
  if (method == Method::executed_set) out.push_back({point_before, executed_set});
  out.insert(out.end(), {Statement{open, open_view}, Statement{warnings, show_warnings}});
  if (method == Method::server_snapshot) out.push_back({point_after, server_snapshot_point});
  if (method == Method::log_status) out.push_back({point_after, log_status_point});
  if (method == Method::executed_set) out.insert(out.end(), {Statement{in_flight, owned_set}, Statement{point_after, executed_set}});
  return out;
}

std::string packet_of(const std::vector<Statement>& script) {
  std::string out;
  for (const Statement& statement : script) out.append(out.empty() ? "" : "; ").append(statement.sql);
  return out;
}

Opening judge(Method method, const std::vector<Statement>& script, const std::vector<Rows>& answers) {
  if (answers.size() != script.size()) throw strange_answer(fmt::format("{} results for {} statements", answers.size(), script.size()));
  Opening out{.point = {}, .exact = true};
  std::optional<StreamPoint> before;
  for (std::size_t i = 0; i < script.size(); ++i) {
    switch (script[i].step) {
      case Step::point_before: before = row_of(method).point(answers[i]); break;
      case Step::in_flight: out.exact &= nothing_in_flight(answers[i]); break;
      case Step::open: break;
      case Step::warnings: require_no_warning(answers[i]); break;
      case Step::point_after: out.point = row_of(method).point(answers[i]); break;
    }
  }
  out.exact &= !before || *before == out.point;
  return out;
}

Abilities read_abilities(mysql::Connection& connection) {
  if (connection.query_value("SELECT @@GLOBAL.log_bin") == "0") throw no_binlog();
  Abilities out;
  out.version = connection.version();
  out.account = connection.query_value("SELECT CURRENT_USER()").value_or("@");
  if (out.version.flavor == Flavor::mariadb) return out;
  out.gtid = connection.query_value("SELECT @@GLOBAL.gtid_mode") == "ON";
  out.ordered_commits = connection.query_value("SELECT @@GLOBAL.binlog_order_commits") != "0";
  try {
    out.log_status = connection.query_value(log_status_point).has_value();
  } catch (const Error& error) {  // denied; or there is no such table before 8.0
    if (error.code() != ErrorCode::privilege_missing && error.code() != ErrorCode::query_failed) throw;
  }
  return out;
}

Error no_method_error(const Abilities& abilities) {
  const std::string account = mysql::quote_account(abilities.account);
  return Error{
      ErrorCode::snapshot_point, Remedy::operate, "an exact snapshot without lock needs BACKUP_ADMIN or gtid_mode=ON, and there is neither",
      fmt::format("GRANT BACKUP_ADMIN ON *.* TO {}; GRANT SELECT ON performance_schema.log_status TO {}; or allow a table lock of at "
                  "most snapshot.lockTimeout: snapshot.lock=brief",
                  account, account)};
}

Error unsettled_error(Method method, const Abilities& abilities, std::uint32_t attempts, std::chrono::milliseconds took) {
  const std::string grant = method == Method::executed_set ? fmt::format("GRANT BACKUP_ADMIN ON *.* TO {}, which is quicker; ",
                                                                         mysql::quote_account(abilities.account))
                                                           : std::string{};
  return Error{ErrorCode::snapshot_unsettled, Remedy::operate,
               fmt::format("transactions came between the views and their point in all of {} tries, {} ms (by {})", attempts, took.count(),
                           name_of(method)),
               fmt::format("{}begin at a quieter time, with fewer snapshot.workers, or allow a table lock: snapshot.lock=brief", grant)};
}

StreamPoint locked_point(mysql::Connection& connection, const Abilities& abilities) {
  const auto asked = [&](std::string_view sql) {
    connection.send(sql);
    return connection.finish().front();
  };
  if (abilities.log_status) return point_of_log_status(asked(log_status_point));
  if (abilities.gtid) return point_of_executed_set(asked(executed_set));
  const Rows files = asked("SHOW BINARY LOGS");  // the newest one's size is the log's end
  return place(files.empty() ? "" : field(files, files.size() - 1, 0), field(files, files.empty() ? 0 : files.size() - 1, 1), {});
}

}  // namespace cdc::snapshot
