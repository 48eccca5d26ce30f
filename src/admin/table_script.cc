#include "table_script.h"

#include <fmt/format.h>

#include <algorithm>

#include "payload.h"
#include "script.h"
#include "scripts.h"

namespace cdc::admin {
namespace {

/// `a` AND `b` …, a comparison a column.
std::string all_equal(const std::vector<std::string>& columns, std::string_view left, std::string_view right) {
  std::string out;
  for (const std::string& column : columns) {
    if (!out.empty()) out += " AND ";
    const std::string name = mysql::quote_name(column);
    out += fmt::format("{}.{} <=> {}.{}", left, name, right, name);
  }
  return out;
}

std::vector<std::string> names_in(const TableFacts& facts, const Definition& made) {
  std::vector<std::string> out{facts.schema, facts.table, made.definer};
  for (const catalog::RegisteredColumn& column : made.columns) out.push_back(column.name);
  return out;
}

/// As a comment or a title shows it: on one line.
std::string activation(const catalog::ChangelogNames& names, const std::string& schema, const std::string& table, std::uint32_t tid) {
  std::string triggers;
  for (const char event : {'d', 'i', 'u'}) {
    if (!triggers.empty()) triggers += ", ";
    triggers += quote_text(names.trigger_name(tid, event));
  }
  const Word words[] = {
      {"tid", std::to_string(tid)}, {"schema_text", quote_text(schema)}, {"table_text", quote_text(table)}, {"trigger_texts", triggers}};
  return fill(scripts::activate, words, names);
}

}  // namespace

std::vector<catalog::RegisteredColumn> with_images(const TableFacts& facts, config::TriggerImages images,
                                                   const std::vector<bool>& excluded) {
  std::vector<catalog::RegisteredColumn> out = facts.columns;
  const bool has_key = std::ranges::any_of(out, [](const auto& column) { return column.key_ordinal != 0; });
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].after = !excluded[i];
    out[i].before = out[i].after && (images == config::TriggerImages::full || !has_key || out[i].key_ordinal != 0);
  }
  return out;
}

std::string update_guard(const TableFacts& facts) {
  if (facts.guarded.empty() || facts.identity.empty()) return {};
  return fmt::format("IF ({})\n  OR NOT EXISTS (SELECT 1 FROM {} x WHERE {}) THEN", all_equal(facts.guarded, "OLD", "NEW"),
                     quoted_table(facts.schema, facts.table), all_equal(facts.guarded, "x", "OLD"));
}

std::string drop_triggers(const std::string& schema, const std::vector<std::string>& triggers) {
  std::string out;
  for (const std::string& trigger : triggers) {
    if (!out.empty()) out += '\n';
    out += fmt::format("DROP TRIGGER IF EXISTS {};", quoted_table(schema, trigger));
  }
  return out;
}

std::string TableScripts::lock_wait() const { return std::to_string(lock_wait_.count()); }

std::string TableScripts::core() const { return fill(scripts::core, {}, names_); }

std::string TableScripts::grants(const TableFacts& facts, const Definition& made) const {
  if (made.definer.empty()) return {};
  const Word words[] = {{"table", quoted_table(facts.schema, facts.table)},
                        {"account", mysql::quote_account(made.definer)},
                        {"payload", names_.payload(made.tid)}};
  return fill(scripts::definer_grants, words, names_);
}

std::string TableScripts::definition(const TableFacts& facts, const Definition& made) const {
  const Word words[] = {{"title", made.title},
                        {"lock_wait_timeout", lock_wait()},
                        {"tid", std::to_string(made.tid)},
                        {"schema_text", quote_text(facts.schema)},
                        {"table_text", quote_text(facts.table)},
                        {"columns_text", quote_text(catalog::columns_text(made.columns))},
                        {"follows", made.follows == 0 ? "NULL" : std::to_string(made.follows)},
                        {"payload", names_.payload(made.tid)},
                        {"payload_columns", payload_text(made.columns).columns},
                        {"grants", grants(facts, made)}};
  return fill(scripts::definition, words, names_);
}

std::string TableScripts::triggers(const TableFacts& facts, const Definition& made) const {
  const PayloadText payload = payload_text(made.columns);
  const std::string guard = mariadb_ ? update_guard(facts) : std::string{};
  const auto trigger = [&](char event) { return quoted_table(facts.schema, names_.trigger_name(made.tid, event)); };
  const Word words[] = {{"delimiter", choose_delimiter(names_in(facts, made))},
                        {"definer", made.definer.empty() ? "" : fmt::format("DEFINER = {} ", mysql::quote_account(made.definer))},
                        {"insert_trigger", trigger('i')},
                        {"update_trigger", trigger('u')},
                        {"delete_trigger", trigger('d')},
                        {"table", quoted_table(facts.schema, facts.table)},
                        {"tid", std::to_string(made.tid)},
                        {"payload", names_.payload(made.tid)},
                        {"before_columns", payload.before_columns},
                        {"after_columns", payload.after_columns},
                        {"old_values", payload.old_values},
                        {"new_values", payload.new_values},
                        {"guard", guard},
                        {"guard_end", guard.empty() ? "" : "END IF;"}};
  return fill(scripts::triggers, words, names_);
}

std::string TableScripts::install(const TableFacts& facts, const Definition& made) const {
  const Word words[] = {{"definition", definition(facts, made)},
                        {"triggers", triggers(facts, made)},
                        {"activate", activation(names_, facts.schema, facts.table, made.tid)}};
  return fill(scripts::table, words, names_);
}

std::string TableScripts::replace(const TableFacts& facts, const Definition& made, const std::vector<std::string>& old_triggers) const {
  const Word words[] = {{"definition", definition(facts, made)},
                        {"table", quoted_table(facts.schema, facts.table)},
                        {"old_triggers", drop_triggers(facts.schema, old_triggers)},
                        {"triggers", triggers(facts, made)},
                        {"activate", activation(names_, facts.schema, facts.table, made.tid)}};
  return fill(scripts::upgrade, words, names_);
}

std::string TableScripts::finish(const std::string& schema, const std::string& table, std::uint32_t tid,
                                 const std::vector<std::string>& old_triggers) const {
  std::string drops = drop_triggers(schema, old_triggers);
  if (!drops.empty()) drops += '\n';
  return drops + activation(names_, schema, table, tid);
}

std::string TableScripts::uninstall(const std::string& title, const std::string& schema, const std::string& table,
                                    const std::vector<std::string>& old_triggers, Retire retire) const {
  const Word words[] = {{"title", title},
                        {"lock_wait_timeout", lock_wait()},
                        {"old_triggers", drop_triggers(schema, old_triggers)},
                        {"schema_text", quote_text(schema)},
                        {"table_text", quote_text(table)},
                        {"states", retire == Retire::all ? "'active', 'changing'" : "'changing'"}};
  return fill(scripts::uninstall, words, names_);
}

std::string TableScripts::drop_payload(const std::string& title, std::uint32_t tid) const {
  const Word words[] = {
      {"title", title}, {"lock_wait_timeout", lock_wait()}, {"payload", names_.payload(tid)}, {"tid", std::to_string(tid)}};
  return fill(scripts::drop_payload, words, names_);
}

std::string TableScripts::drop_core() const {
  const Word words[] = {{"lock_wait_timeout", lock_wait()}};
  return fill(scripts::drop_core, words, names_);
}

}  // namespace cdc::admin
