#include "table_registry.h"

#include <fmt/format.h>

#include <cstring>

#include "cdc/base/error.h"
#include "table_builder.h"

namespace cdc::capture {
namespace {

/// No bytes are no map: never the same as any.
bool same_bytes(const std::vector<std::byte>& a, std::span<const std::byte> b) noexcept {
  return !a.empty() && a.size() == b.size() && std::memcmp(a.data(), b.data(), b.size()) == 0;
}

bool same_shape(const CapturedTable& a, const CapturedTable& b) {
  return a.schema.columns == b.schema.columns && a.schema.key == b.schema.key && a.schema.key_kind == b.schema.key_kind &&
         a.schema.positional == b.schema.positional && a.layout.codecs == b.layout.codecs;
}

constexpr std::size_t mapped_count_max = 4096;  // ids grow with every DDL and restart

}  // namespace

TableRegistry::TableRegistry(const config::Settings& settings, const config::TableRules& tables, const config::ColumnRules& columns,
                             SchemaProvider& schemas, std::uint64_t first_schema_id)
    : settings_{settings}, tables_{tables}, columns_{columns}, schemas_{schemas}, next_schema_id_{first_schema_id} {}

bool TableRegistry::captures(const std::string& schema, const std::string& table) {
  const auto [it, added] = captures_.try_emplace({schema, table}, false);
  if (added) it->second = tables_.matches(schema, table);
  return it->second;
}

std::vector<std::string> TableRegistry::captured_in(const std::string& schema) const {
  std::vector<std::string> out;
  for (auto it = captures_.lower_bound({schema, {}}); it != captures_.end() && it->first.first == schema; ++it)
    if (it->second) out.push_back(it->first.second);
  return out;
}

std::vector<std::pair<std::string, std::string>> TableRegistry::seen() const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [name, captured] : captures_) out.push_back(name);
  return out;
}

void TableRegistry::on_table_map(std::span<const std::byte> body, const binlog::TableMap::Format& format, const RowTime& when) {
  Reader head{body};
  const std::uint64_t id = head.uint_le(format.table_id_size_bytes);
  if (last_ == nullptr || last_id_ != id) {
    if (mapped_.size() >= mapped_count_max) forget_old_maps();
    last_ = &mapped_[id];
    last_id_ = id;
  }
  last_->statement = statement_;
  const bool fresh = last_->self_described || last_->captured == nullptr || last_->schema_version == schema_version_;
  if (fresh && same_bytes(last_->map_bytes, body)) return;
  binlog::TableMap map;
  if (!binlog::TableMap::parse(Reader{body}, format, map))
    throw Error{ErrorCode::event_malformed, Remedy::fix,
                fmt::format("table map event{} is malformed: {}",
                            map.table.empty() ? "" : fmt::format(" of `{}`.`{}`", map.schema, map.table), map.fault),
                "check the log with the server's own mysqlbinlog; if that reads it, report this with the server version"};
  last_->map_bytes.clear();  // stays so when resolving throws
  resolve(*last_, map, when);
  last_->map_bytes.assign(body.begin(), body.end());
}

void TableRegistry::resolve(MappedTable& mapped, const binlog::TableMap& map, const RowTime& when) {
  mapped.captured = nullptr;
  mapped.self_described = map.has_names;
  mapped.schema_version = schema_version_;
  mapped.column_count = map.columns.size();
  if (!captures(map.schema, map.table)) return;
  with_frame([&] { return fmt::format("`{}`.`{}`", map.schema, map.table); },
             [&] {
               const catalog::CatalogTable* const known = map.has_names ? nullptr : schemas_.find(map, when);
               const catalog::CatalogTable* const now = map.has_names && hides_types(map) ? schemas_.now(map) : nullptr;
               mapped.captured = &build(map, known, now);
             });
}

const CapturedTable& TableRegistry::build(const binlog::TableMap& map, const catalog::CatalogTable* known,
                                          const catalog::CatalogTable* now) {
  CapturedTable fresh = build_table(map, known, settings_, columns_, now);
  const CapturedTable*& latest = latest_[{map.schema, map.table}];
  if (latest != nullptr && same_shape(*latest, fresh)) return *latest;
  fresh.schema.id = next_schema_id_++;
  built_.push_back(std::move(fresh));
  latest = &built_.back();
  return *latest;
}

void TableRegistry::forget_old_maps() {
  std::erase_if(mapped_, [this](const auto& entry) { return entry.second.statement != statement_; });
  last_ = nullptr;
}

MappedTable* TableRegistry::find(std::uint64_t table_id) noexcept {
  if (last_ == nullptr || last_id_ != table_id) {
    const auto it = mapped_.find(table_id);
    if (it == mapped_.end()) return nullptr;
    last_ = &it->second;
    last_id_ = table_id;
  }
  return last_->statement == statement_ ? last_ : nullptr;
}

}  // namespace cdc::capture
