#include "snapshot_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <span>

#include "captured_tables.h"
#include "cdc/base/error.h"
#include "cdc/catalog/fields.h"

namespace cdc::capture {
namespace {

std::string quoted(const std::pair<std::string, std::string>& name) {
  return mysql::quote_name(name.first) + '.' + mysql::quote_name(name.second);
}

constexpr std::size_t asked_at_once = 50;  // tables in one statement that looks whether they may be read

/// False when one of them cannot be: dropped meanwhile or locked by somebody, which is seen when its turn comes; or, of several, not
/// allowed.
bool can_be_read(mysql::Connection& connection, std::span<const std::pair<std::string, std::string>> names) {
  std::string statement;
  for (const auto& name : names)
    statement.append(statement.empty() ? "" : " UNION ALL ").append(fmt::format("(SELECT 1 FROM {} LIMIT 0)", quoted(name)));
  try {
    connection.query(statement);
    return true;
  } catch (const Error& error) {
    const bool denied = error.code() == ErrorCode::privilege_missing;
    if (denied ? names.size() == 1 : error.code() != ErrorCode::query_failed) throw;
    return false;
  }
}

/// information_schema shows nothing of a table that is gone or may not be read; the server itself says which.
[[noreturn]] void throw_invisible(mysql::Connection& connection, const std::pair<std::string, std::string>& name) {
  connection.query(fmt::format("SELECT 1 FROM {} LIMIT 0", quoted(name)));
  throw Error{ErrorCode::snapshot_table, Remedy::retry, fmt::format("{} was not there a moment ago", quoted(name))};
}

}  // namespace

void SnapshotTables::list(mysql::Connection& connection) {
  names_ = find_tables(connection, options_);
  std::sort(names_.begin(), names_.end());
  estimates_.assign(names_.size(), {});
  current_.assign(names_.size(), nullptr);
  connection.query(
      "SELECT table_schema, table_name, table_rows, data_length FROM information_schema.tables WHERE table_type LIKE 'BASE TABLE%' OR "
      "table_type = 'SYSTEM VERSIONED'",
      [&](mysql::RowView row) {
        const auto name = std::pair{catalog::text_of(row[0]), catalog::text_of(row[1])};
        const auto at = std::lower_bound(names_.begin(), names_.end(), name);
        if (at == names_.end() || *at != name) return;
        estimates_[static_cast<std::size_t>(at - names_.begin())] = {catalog::number_of<std::uint64_t>(row[2]),
                                                                     catalog::number_of<std::uint64_t>(row[3])};
      });
}

void SnapshotTables::require_readable(mysql::Connection& connection) const {
  connection.query("SET SESSION lock_wait_timeout = 1");
  for (std::size_t at = 0; at < names_.size(); at += asked_at_once) {
    const auto some = std::span{names_}.subspan(at, std::min(asked_at_once, names_.size() - at));
    if (can_be_read(connection, some)) continue;
    for (const auto& name : some) with_frame([&] { return quoted(name); }, [&] { can_be_read(connection, {&name, 1}); });
  }
}

std::uint64_t SnapshotTables::estimated_rows() const noexcept {
  return std::accumulate(estimates_.begin(), estimates_.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Estimate& one) { return sum + one.rows; });
}

std::uint64_t SnapshotTables::estimated_bytes() const noexcept {
  return std::accumulate(estimates_.begin(), estimates_.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Estimate& one) { return sum + one.bytes; });
}

const SnapshotTable& SnapshotTables::get(std::size_t index, mysql::Connection& connection) {
  {
    const std::scoped_lock lock{mutex_};
    if (current_[index] != nullptr) return *current_[index];
  }
  const auto& [schema, table] = names_[index];
  const auto known = catalog::load_table(connection, schema, table);
  if (!known) throw_invisible(connection, names_[index]);
  SnapshotTable built = build_snapshot_table(*known, connection.version().flavor, options_.settings, options_.columns);
  const std::scoped_lock lock{mutex_};
  if (current_[index] != nullptr) return *current_[index];  // another worker was quicker
  built.schema.id = next_id();
  built_.push_back(std::move(built));
  current_[index] = &built_.back();
  return built_.back();
}

}  // namespace cdc::capture
