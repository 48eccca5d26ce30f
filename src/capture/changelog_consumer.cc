#include "changelog_consumer.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/hash.h"
#include "cdc/base/log.h"
#include "cdc/catalog/fields.h"
#include "changelog_sequencer.h"
#include "changelog_state.h"

namespace cdc::capture {
namespace {

constexpr std::size_t name_max = 190;

std::string storable(std::string_view name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c < 0x7f; });
  if (name.empty()) return "mysql-cdc";
  if (plain && name.size() <= name_max) return std::string{name};
  return fmt::format("connector-{:016x}", fnv1a_64(name));
}

std::uint64_t number(mysql::Connection& connection, const std::string& statement) {
  const auto text = connection.query_value(statement);
  return catalog::number_of<std::uint64_t>(text ? std::optional{std::string_view{*text}} : std::nullopt);
}

/// What is in no order with the log: the payload of one definition.
void purge_payload(mysql::Connection& connection, const catalog::ChangelogNames& names, std::uint32_t tid, std::uint64_t first,
                   std::uint64_t last) {
  const bool there =
      number(connection, fmt::format("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND TABLE_NAME = {}",
                                     connection.quote(names.schema), connection.quote(names.payload_name(tid)))) != 0;
  if (!there) return;
  connection.query(
      fmt::format("DELETE r FROM {} l STRAIGHT_JOIN {} r FORCE INDEX (PRIMARY) ON r.id = l.id WHERE l.seq BETWEEN {} AND {} AND l.tid = {}",
                  names.quoted("log"), names.payload(tid), first, last, tid));
}

}  // namespace

ChangelogConsumer::ChangelogConsumer(const catalog::ChangelogNames& names, std::string_view name, std::chrono::milliseconds retention)
    : names_{names}, name_{storable(name)}, retention_s_{std::chrono::duration_cast<std::chrono::seconds>(retention).count()} {}

void ChangelogConsumer::enter(mysql::Connection& connection, const ChangelogPosition& position) const {
  ChangelogLock lock{connection, names_};
  check_position(connection, names_, read_changelog(connection, names_), position);
  keep_from(connection, position.seq);
  lock.commit();
}

void ChangelogConsumer::keep_from(mysql::Connection& connection, std::uint64_t seq) const {
  connection.query(
      fmt::format("INSERT INTO {} (name, acked_seq, seen_at) VALUES ({}, {}, UTC_TIMESTAMP()) ON DUPLICATE KEY UPDATE "
                  "acked_seq = LEAST(acked_seq, VALUES(acked_seq)), seen_at = VALUES(seen_at)",
                  names_.quoted("consumer"), connection.quote(name_), seq));
}

void ChangelogConsumer::store(mysql::Connection& connection, std::uint64_t settled_seq) const {
  connection.query(fmt::format("UPDATE {} SET acked_seq = GREATEST(acked_seq, {}), seen_at = UTC_TIMESTAMP() WHERE name = {}",
                               names_.quoted("consumer"), settled_seq, connection.quote(name_)));
}

void ChangelogConsumer::warn_of_absent(mysql::Connection& connection) {
  connection.query(
      fmt::format("SELECT name FROM {} WHERE seen_at < UTC_TIMESTAMP() - INTERVAL {} SECOND", names_.quoted("consumer"), retention_s_),
      [&](mysql::RowView row) {
        const std::string name = catalog::text_of(row[0]);
        if (absent_.insert(name).second)
          log(LogLevel::warning,
              fmt::format("the changelog's reader {} was not seen for longer than trigger.retention: what it has not read is purged",
                          name));
      });
}

std::uint64_t ChangelogConsumer::purge(mysql::Connection& connection) {
  warn_of_absent(connection);
  ChangelogLock lock{connection, names_};
  const std::uint64_t first = read_changelog(connection, names_).purged_seq + 1;
  const std::uint64_t done =
      number(connection, fmt::format("SELECT MIN(acked_seq) FROM {} WHERE seen_at >= UTC_TIMESTAMP() - INTERVAL {} SECOND",
                                     names_.quoted("consumer"), retention_s_));
  if (done <= first) return 0;  // `done` itself stays
  const std::uint64_t last = std::min(done - 1, first + slice - 1);
  std::vector<std::uint32_t> tids;
  connection.query(fmt::format("SELECT DISTINCT tid FROM {} WHERE seq BETWEEN {} AND {}", names_.quoted("log"), first, last),
                   [&](mysql::RowView row) { tids.push_back(catalog::number_of<std::uint32_t>(row[0])); });
  for (const std::uint32_t tid : tids) purge_payload(connection, names_, tid, first, last);
  connection.query(fmt::format("DELETE FROM {} WHERE seq BETWEEN {} AND {}", names_.quoted("log"), first, last));
  connection.query(fmt::format("UPDATE {} SET purged_seq = {} WHERE one = 1", names_.quoted("meta"), last));
  lock.commit();
  return last - first + 1;
}

}  // namespace cdc::capture
