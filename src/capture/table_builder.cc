#include "table_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cdc/base/error.h"
#include "cdc/mysql/connection.h"

namespace cdc::capture {
namespace {

using binlog::ColumnUse;
using binlog::Signedness;
using binlog::WireColumn;
using charset::TextCoding;

/// Columns that the servers add for themselves and never show: MySQL's functional-index columns, MariaDB's
/// hash of a long unique key.
bool is_hidden_name(std::string_view name) noexcept { return name.starts_with("!hidden!") || name.starts_with("DB_ROW_HASH_"); }

std::string utf8_or_throw(std::string_view text, TextCoding coding, std::string_view what) {
  std::string out;
  if (charset::to_utf8(text, coding, out)) return out;
  throw Error{ErrorCode::column_unsupported, Remedy::operate, fmt::format("{} is not valid in its character set", what),
              "leave the table out: --set 'tables=…,!schema.table'"};
}

/// Of a column in an unsupported charset, which is refused when records are to show it, there are none.
std::vector<std::string> labels_of(const WireColumn& wire, bool mariadb) {
  const TextCoding coding = charset::coding_of_collation(wire.collation, mariadb);
  std::vector<std::string> out;
  if (coding == TextCoding::unsupported) return out;
  for (const std::string& label : wire.labels) out.push_back(utf8_or_throw(label, coding, "a label of an ENUM or SET"));
  return out;
}

Column column_from_map(const WireColumn& wire, std::size_t index, bool mariadb) {
  Column column;
  column.name = wire.name.empty() ? fmt::format("@{}", index + 1) : utf8_or_throw(wire.name, TextCoding::utf8mb4, "a column name");
  column.type = binlog::column_type_of(wire);
  column.is_unsigned = wire.sign == Signedness::unsigned_;
  column.nullable = wire.nullable;
  column.precision = wire.precision;
  column.fraction_digits = wire.fraction_digits;
  column.length_bytes = wire.max_bytes;
  column.collation = wire.collation;
  column.labels = labels_of(wire, mariadb);
  return column;
}

bool is_binary_type(ColumnType type) noexcept {
  switch (type) {
    case ColumnType::binary:
    case ColumnType::varbinary:
    case ColumnType::blob:
    case ColumnType::uuid:
    case ColumnType::inet4:
    case ColumnType::inet6:
    case ColumnType::vector: return true;
    default: return false;
  }
}

ColumnUse use_of(const WireColumn& wire, const Column& column, bool sign_known, bool mariadb) {
  ColumnUse use;
  use.type = column.type;
  use.sign = wire.sign != Signedness::unknown ? wire.sign
             : !sign_known                    ? Signedness::unknown
             : column.is_unsigned             ? Signedness::unsigned_
                                              : Signedness::signed_;
  use.coding = is_binary_type(column.type) ? TextCoding::binary : charset::coding_of_collation(column.collation, mariadb);
  return use;
}

/// Text whose charset nobody can tell is not guessed.
void forbid_unsupported(const ColumnUse& use, const Column& column) {
  if (use.coding != TextCoding::unsupported) return;
  throw Error{ErrorCode::column_unsupported, Remedy::operate,
              fmt::format("`{}` has the collation number {}, whose charset is not known", column.name, column.collation),
              "ALTER the column to one of the server's own collations, or leave it out with columns.exclude"};
}

struct HiddenType {
  ColumnType logged_as, type;
  std::uint32_t size_bytes;  ///< 0 = any.
};
constexpr HiddenType hidden_types[] = {{ColumnType::binary, ColumnType::uuid, 16},
                                       {ColumnType::binary, ColumnType::inet6, 16},
                                       {ColumnType::binary, ColumnType::inet4, 4},
                                       {ColumnType::varbinary, ColumnType::vector, 0}};

bool may_hide(const HiddenType& hidden, ColumnType logged_as, std::uint32_t size_bytes) noexcept {
  return hidden.logged_as == logged_as && (hidden.size_bytes == 0 || hidden.size_bytes == size_bytes);
}

/// What the table's column of that name is now, if that is logged as this column was.
void reveal_type(Column& column, const catalog::CatalogTable& now) {
  const auto it = std::find_if(now.columns.begin(), now.columns.end(), [&](const auto& known) { return known.column.name == column.name; });
  if (it == now.columns.end()) return;
  for (const HiddenType& hidden : hidden_types) {
    if (hidden.type != it->column.type || !may_hide(hidden, column.type, column.length_bytes)) continue;
    column.type = it->column.type;
    column.length_bytes = it->column.length_bytes;
    column.collation = it->column.collation;
    return;
  }
}

/// Collects the visible columns and where each wire column goes.
struct Builder {
  const binlog::TableMap& map;
  const catalog::CatalogTable* known;
  const catalog::CatalogTable* now;
  const config::ColumnRules& rules;
  CapturedTable& out;
  std::vector<ColumnUse> uses;

  void add(std::size_t index) {
    const WireColumn& wire = map.columns[index];
    Column column = known != nullptr ? known->columns[index].column : column_from_map(wire, index, map.mariadb);
    if (known == nullptr && now != nullptr) reveal_type(column, *now);
    ColumnUse use = use_of(wire, column, known != nullptr, map.mariadb);
    const bool hidden = is_hidden_name(column.name) || (known != nullptr && known->columns[index].hidden);
    if (!hidden && !rules.excluded(map.schema, map.table, column.name)) {
      forbid_unsupported(use, column);
      use.slot = static_cast<std::int32_t>(out.schema.columns.size());
      if (const auto method = rules.mask(map.schema, map.table, column.name)) {
        column.masked = true;
        out.masks.push_back({out.schema.columns.size(), *method});
      }
      out.schema.columns.push_back(std::move(column));
    }
    uses.push_back(use);
  }

  void add_key_slot(std::size_t wire_index) {
    const std::int32_t slot = uses[wire_index].slot;
    if (slot < 0) throw_key_excluded(fmt::format("{}", wire_index + 1));
    out.schema.key.push_back(static_cast<std::size_t>(slot));
  }
};

void set_configured_key(TableSchema& schema, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto it = std::find_if(schema.columns.begin(), schema.columns.end(), [&](const Column& column) { return column.name == name; });
    if (it == schema.columns.end())
      throw Error{ErrorCode::setting_invalid, Remedy::operate,
                  fmt::format("key.columns.{}.{} names `{}`, which the table does not have", schema.schema, schema.table, name),
                  "name columns of the table, separated by commas"};
    schema.key.push_back(static_cast<std::size_t>(it - schema.columns.begin()));
  }
  schema.key_kind = KeyKind::configured;
}

/// MariaDB with mysql56_temporal_format=OFF logs TIME(3) under the same type number as TIME, in another width that the map
/// does not tell. Only the catalog can say that there is no fraction.
void forbid_unknown_width(const binlog::TableMap& map, const catalog::CatalogTable* known) {
  for (std::size_t i = 0; map.mariadb && i < map.columns.size(); ++i) {
    const WireColumn& wire = map.columns[i];
    const bool old_form =
        wire.type == binlog::WireType::time || wire.type == binlog::WireType::datetime || wire.type == binlog::WireType::timestamp;
    if (!old_form || (known != nullptr && known->columns[i].column.fraction_digits == 0)) continue;
    throw Error{ErrorCode::column_unsupported, Remedy::operate,
                fmt::format("column {} is a temporal of MariaDB's old form, whose width the log does not tell", i + 1),
                fmt::format("SET GLOBAL mysql56_temporal_format=ON; ALTER TABLE {}.{} FORCE", mysql::quote_name(map.schema),
                            mysql::quote_name(map.table))};
  }
}

/// Labels that information_schema cannot show exactly are not shown at all.
void forbid_unsure_labels(const catalog::CatalogTable& known) {
  for (const catalog::CatalogColumn& column : known.columns) {
    if (!column.labels_unsure) continue;
    throw Error{ErrorCode::schema_mismatch, Remedy::operate,
                fmt::format("information_schema cannot tell the labels of `{}` exactly", column.column.name),
                "SET GLOBAL binlog_row_metadata=FULL, then start from a position after that"};
  }
}

}  // namespace

bool hides_types(const binlog::TableMap& map) noexcept {
  return map.mariadb && std::any_of(map.columns.begin(), map.columns.end(), [](const WireColumn& wire) {
           const ColumnType type = binlog::column_type_of(wire);
           return std::any_of(std::begin(hidden_types), std::end(hidden_types),
                              [&](const HiddenType& hidden) { return may_hide(hidden, type, wire.max_bytes); });
         });
}

void throw_key_excluded(std::string_view column) {
  throw Error{ErrorCode::setting_invalid, Remedy::operate,
              fmt::format("column {} is part of the primary key but columns.exclude drops it", column),
              "take the key column out of columns.exclude"};
}

void set_key_kind(TableSchema& schema, const config::Settings& settings) {
  const auto configured = settings.key_columns.find(qualified_name(schema));
  if (!schema.key.empty())
    schema.key_kind = KeyKind::primary;
  else if (configured != settings.key_columns.end())
    set_configured_key(schema, configured->second);
}

void check_masked_key(const TableSchema& schema, const std::vector<MaskedSlot>& masks) {
  for (const MaskedSlot& mask : masks) {
    const bool in_key = std::find(schema.key.begin(), schema.key.end(), mask.slot) != schema.key.end();
    if (in_key && mask.method != config::MaskMethod::hash)
      throw Error{ErrorCode::setting_invalid, Remedy::operate,
                  fmt::format("key column `{}` may only be masked with hash", schema.columns[mask.slot].name),
                  "use columns.mask with :hash for key columns"};
  }
}

CapturedTable build_table(const binlog::TableMap& map, const catalog::CatalogTable* known, const config::Settings& settings,
                          const config::ColumnRules& columns, const catalog::CatalogTable* now) {
  if (known != nullptr) require_same_shape(map, *known);
  if (known != nullptr) forbid_unsure_labels(*known);
  forbid_unknown_width(map, known);
  CapturedTable table;
  table.schema.schema = utf8_or_throw(map.schema, TextCoding::utf8mb4, "the schema's name");
  table.schema.table = utf8_or_throw(map.table, TextCoding::utf8mb4, "the table's name");
  table.schema.positional = known == nullptr && !map.has_names;
  Builder builder{map, known, now, columns, table, {}};
  for (std::size_t i = 0; i < map.columns.size(); ++i) builder.add(i);
  for (const auto& part : map.primary_key) builder.add_key_slot(part.column_index);
  if (known != nullptr && map.primary_key.empty())
    for (const auto& part : known->primary_key) builder.add_key_slot(part.column_index);
  set_key_kind(table.schema, settings);
  check_masked_key(table.schema, table.masks);
  table.layout = binlog::RowLayout::compile(map, builder.uses);
  table.layout.slot_count = table.schema.columns.size();
  return table;
}

}  // namespace cdc::capture
