#include "changelog_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cdc/catalog/fields.h"

namespace cdc::admin {
namespace {

/// The number behind `prefix` in `name`, and what is behind it in `rest`; 0 for none.
std::uint32_t number_behind(std::string_view name, std::string_view prefix, std::string_view& rest) {
  std::uint32_t out = 0;
  if (!name.starts_with(prefix)) return 0;
  name.remove_prefix(prefix.size());
  const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), out);
  rest = name.substr(static_cast<std::size_t>(end - name.data()));
  return failure == std::errc{} ? out : 0;
}

std::uint32_t highest_payload(mysql::Connection& connection, const catalog::ChangelogNames& names) {
  std::uint32_t out = 0;
  connection.query(fmt::format("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = {}", connection.quote(names.schema)),
                   [&](mysql::RowView row) {
                     std::string_view rest;
                     const auto number = number_behind(row[0].value_or(std::string_view{}), names.prefix + "r", rest);
                     if (rest.empty()) out = std::max(out, number);
                   });
  return out;
}

/// What the server would give next, which is beyond every number that was ever used. information_schema may be a day old.
std::uint32_t registry_counter(mysql::Connection& connection, const catalog::ChangelogNames& names) {
  std::uint32_t out = 1;
  connection.query(fmt::format("SHOW CREATE TABLE {}", names.quoted("table")), [&](mysql::RowView row) {
    const std::string_view text = row[1].value_or(std::string_view{});
    constexpr std::string_view word = " AUTO_INCREMENT=";
    std::string_view rest;
    if (const auto at = text.rfind(word); at != text.npos) out = std::max(out, number_behind(text.substr(at), word, rest));
  });
  return out;
}

bool is_ours(std::string_view trigger, const catalog::ChangelogNames& names) {
  std::string_view rest;
  return number_behind(trigger, names.prefix, rest) != 0 && (rest == "_i" || rest == "_u" || rest == "_d");
}

}  // namespace

ChangelogState load_changelog_state(mysql::Connection& connection, const catalog::ChangelogNames& names) {
  ChangelogState out;
  out.installed = catalog::load_changelog_meta(connection, names).has_value();
  std::uint32_t highest = highest_payload(connection, names);
  if (out.installed) {
    out.registry = catalog::load_registry(connection, names);
    for (const auto& entry : out.registry) highest = std::max(highest, entry.tid);
  }
  out.next_tid = std::max(highest + 1, out.installed ? registry_counter(connection, names) : 1);
  return out;
}

TableState state_of_table(mysql::Connection& connection, const catalog::ChangelogNames& names, const ChangelogState& state,
                          const std::string& schema, const std::string& table) {
  TableState out;
  for (const catalog::RegisteredTable& entry : state.registry) {
    if (entry.schema != schema || entry.table != table) continue;
    KnownDefinition& known = out.definitions.emplace_back(KnownDefinition{entry, {}});
    if (entry.state == catalog::CaptureState::retired) continue;
    known.trigger_md5 = connection.query_value(catalog::trigger_md5_query(connection, names, entry)).value_or("");
  }
  connection.query(
      fmt::format("SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = {0} AND EVENT_OBJECT_SCHEMA = {0} "
                  "AND EVENT_OBJECT_TABLE = {1}",
                  connection.quote(schema), connection.quote(table)),
      [&](mysql::RowView row) {
        std::string name = catalog::text_of(row[0]);
        if (is_ours(name, names)) out.triggers.push_back(std::move(name));
      });
  return out;
}

}  // namespace cdc::admin
