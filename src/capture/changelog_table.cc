#include "changelog_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"
#include "table_builder.h"

namespace cdc::capture {
namespace {

/// Types, by the beginning of their text, that share a payload type.
struct Kind {
  std::string_view type;
  int kind;
};
constexpr int of_itself = 0;
constexpr Kind kinds[] = {
    {"tinyint", 1},
    {"smallint", 1},
    {"mediumint", 1},
    {"int", 1},
    {"bigint", 1},
    {"bit", 2},
    {"float", 3},
    {"double", 3},
    {"char", 4},
    {"varchar", 4},
    {"tinytext", 4},
    {"text", 4},
    {"mediumtext", 4},
    {"longtext", 4},
    {"enum", 5},
    {"set", 6},
    {"binary", 7},
    {"varbinary", 7},
    {"tinyblob", 7},
    {"blob", 7},
    {"mediumblob", 7},
    {"longblob", 7},
    {"vector", 8},
    {"datetime", 9},
    {"timestamp", 10},
    {"time", 11},
    {"geometry", 12},
    {"point", 12},
    {"linestring", 12},
    {"polygon", 12},
    {"multipoint", 12},
    {"multilinestring", 12},
    {"multipolygon", 12},
    {"geomcollection", 12},
    {"geometrycollection", 12},
};

int kind_of(std::string_view type) noexcept {
  const std::string_view word = type.substr(0, type.find_first_of("( "));
  const auto* const found = std::find_if(std::begin(kinds), std::end(kinds), [&](const Kind& kind) { return kind.type == word; });
  return found == std::end(kinds) ? of_itself : found->kind;
}

bool is_unsigned(std::string_view type) noexcept { return type.find("unsigned") != std::string_view::npos; }

std::string name_of(const catalog::RegisteredTable& table) { return fmt::format("`{}`.`{}`", table.schema, table.table); }

[[noreturn]] void throw_drift(const catalog::RegisteredTable& table, std::string_view column, std::string_view what) {
  throw Error{ErrorCode::trigger_drift, Remedy::operate,
              fmt::format("{} column `{}` {} since the triggers were made (tid {})", name_of(table), column, what, table.tid),
              fmt::format("mysql-cdc triggers upgrade URL --tables {}.{} --apply; then a new snapshot", table.schema, table.table)};
}

std::size_t index_of(const catalog::RegisteredTable& registered, std::string_view column) noexcept {
  const auto found =
      std::find_if(registered.columns.begin(), registered.columns.end(), [&](const auto& one) { return one.name == column; });
  return static_cast<std::size_t>(found - registered.columns.begin());
}

/// Puts the columns of both together.
class Builder {
 public:
  Builder(const catalog::RegisteredTable& registered, const catalog::CatalogTable& now, const config::ColumnRules& rules,
          ChangelogTable& out)
      : registered_{registered}, now_{now}, rules_{rules}, out_{out}, slots_(now.columns.size(), none) {}

  void add_columns() {
    for (std::size_t i = 0; i < now_.columns.size(); ++i)
      if (!now_.columns[i].hidden) add(i);
    for (const catalog::RegisteredColumn& one : registered_.columns) {
      const bool there = std::any_of(now_.columns.begin(), now_.columns.end(), [&](const auto& c) { return c.column.name == one.name; });
      if (!there) throw_drift(registered_, one.name, "went or was renamed");
    }
  }
  void add_key() {
    for (const auto& part : now_.primary_key) {
      const std::string& column = now_.columns[part.column_index].column.name;
      if (rules_.excluded(now_.schema, now_.table, column)) throw_key_excluded(column);
      if (slots_[part.column_index] == none) throw_drift(registered_, column, "became part of the key");
      out_.schema.key.push_back(slots_[part.column_index]);
    }
  }
  void compile(mysql::Flavor flavor) {
    out_.before = select::RowPlan::compile_copies(now_, before_, flavor);
    out_.after = select::RowPlan::compile_copies(now_, after_, flavor);
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  void add(std::size_t index) {
    Column column = now_.columns[index].column;
    const std::size_t at = index_of(registered_, column.name);
    if (at == registered_.columns.size()) return out_.added.push_back(column.name);
    const catalog::RegisteredColumn& one = registered_.columns[at];
    if (!same_payload_type(one.type_text, now_.columns[index].type_text)) throw_drift(registered_, column.name, "became of another type");
    if (rules_.excluded(now_.schema, now_.table, column.name) || (!one.before && !one.after)) return;
    slots_[index] = out_.schema.columns.size();
    if (const auto method = rules_.mask(now_.schema, now_.table, column.name)) {
      column.masked = true;
      out_.masks.push_back({slots_[index], *method});
    }
    out_.schema.columns.push_back(std::move(column));
    const auto expression = [&](bool kept, char image) { return kept ? fmt::format("r.`{}{}`", image, at + 1) : std::string{}; };
    before_.push_back({index, expression(one.before, 'b')});
    after_.push_back({index, expression(one.after, 'a')});
    out_.places.push_back(at + 1);
    out_.kept_before.push_back(one.before);
    out_.whole_before &= one.before;
  }

  const catalog::RegisteredTable& registered_;
  const catalog::CatalogTable& now_;
  const config::ColumnRules& rules_;
  ChangelogTable& out_;
  std::vector<std::size_t> slots_;  ///< Of the table's columns in a record.
  std::vector<select::CopiedColumn> before_, after_;
};

}  // namespace

bool same_payload_type(std::string_view from, std::string_view to) noexcept {
  if (from == to) return true;
  const int kind = kind_of(from);
  if (kind == of_itself || kind != kind_of(to)) return false;
  return kind != kind_of("int") || is_unsigned(from) == is_unsigned(to);
}

ChangelogTable build_changelog_table(const catalog::RegisteredTable& registered, const catalog::CatalogTable& now, mysql::Flavor flavor,
                                     const config::Settings& settings, const config::ColumnRules& rules) {
  ChangelogTable out;
  out.tid = registered.tid;
  out.schema.schema = now.schema;
  out.schema.table = now.table;
  Builder builder{registered, now, rules, out};
  builder.add_columns();
  builder.add_key();
  set_key_kind(out.schema, settings);
  check_masked_key(out.schema, out.masks);
  builder.compile(flavor);
  return out;
}

}  // namespace cdc::capture
