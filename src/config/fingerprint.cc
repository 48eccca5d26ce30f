#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "cdc/base/hash.h"
#include "cdc/config/settings.h"
#include "name_glob.h"
#include "table_rule.h"

namespace cdc::config {
namespace {

/// FNV-1a, 64 bits folded to 32. Stored in positions: never to be changed.
class Hash {
 public:
  /// Each text with its size, so that their borders count.
  void add(std::string_view text) {
    const auto size = fmt::format("{}:", text.size());
    state_ = fnv1a_64(text, fnv1a_64(size, state_));
  }
  std::uint32_t value() const noexcept { return static_cast<std::uint32_t>(state_ ^ (state_ >> 32)); }

 private:
  std::uint64_t state_ = fnv1a_64_start;
};

/// Between two changes of sign, the order of rules means nothing.
std::vector<std::string> ordered_rules(std::string_view tables) {
  auto items = split_rules(tables);
  for (auto begin = items.begin(); begin != items.end();) {
    const bool sign = is_exclusion(*begin);
    const auto end = std::find_if(begin, items.end(), [&](const std::string& item) { return is_exclusion(item) != sign; });
    std::sort(begin, end);
    begin = end;
  }
  return items;
}

void add_tables(Hash& hash, std::string_view tables, std::string_view default_schema) {
  const auto items = ordered_rules(tables);
  hash.add("tables");
  for (const std::string& item : items) hash.add(item);
  const bool relative = only_exclusions(items) || std::any_of(items.begin(), items.end(), is_bare);
  hash.add(relative ? default_schema : std::string_view{});
}

void add_columns(Hash& hash, const Settings& settings) {
  for (const auto& [table, columns] : settings.key_columns) {
    hash.add("key"), hash.add(table);
    for (const std::string& column : columns) hash.add(column);
  }
  for (const auto& [table, condition] : settings.snapshot_where) hash.add("where"), hash.add(table), hash.add(condition);
  auto exclude = settings.columns_exclude;
  std::sort(exclude.begin(), exclude.end());
  for (const std::string& glob : exclude) hash.add("exclude"), hash.add(glob);
  for (const MaskRule& rule : settings.columns_mask) {
    hash.add("mask"), hash.add(rule.column_glob), hash.add(std::to_string(static_cast<unsigned>(rule.method)));
  }
}

/// What counts as a record beside rows. Heartbeats belong to no transaction.
void add_events(Hash& hash, const Settings::Events& events) {
  if (events.truncate) hash.add("events.truncate");
  if (events.ddl) hash.add("events.ddl");
  if (events.transactions) hash.add("events.transactions");
}

}  // namespace

std::string rules_fingerprint(const Settings& settings, std::string_view default_schema) {
  Hash hash;
  add_tables(hash, settings.tables, default_schema);
  add_columns(hash, settings);
  add_events(hash, settings.events);
  return fmt::format("{:08x}", hash.value());
}

}  // namespace cdc::config
