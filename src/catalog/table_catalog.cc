#include "cdc/catalog/table_catalog.h"

#include <fmt/format.h>

#include <algorithm>

#include "cdc/base/error.h"
#include "cdc/catalog/fields.h"
#include "column_text.h"

namespace cdc::catalog {
namespace {

constexpr std::uint32_t binary_collation = 63;
constexpr int read_attempts_max = 5;

/// One row of information_schema.TABLES.
struct TableFacts {
  std::string type, engine;
  std::int64_t created_at_s = 0;
  bool operator==(const TableFacts&) const = default;

  bool versioned() const noexcept { return type == "SYSTEM VERSIONED"; }
};

/// Which rows of information_schema: constants, so that the server opens this table only.
std::string where_clause(mysql::Connection& connection, std::string_view schema, std::string_view table) {
  return fmt::format("WHERE TABLE_SCHEMA = {} AND TABLE_NAME = {}", connection.quote(schema), connection.quote(table));
}

std::optional<TableFacts> read_table_facts(mysql::Connection& connection, std::string_view where) {
  std::optional<TableFacts> facts;
  connection.query(fmt::format("SELECT TABLE_TYPE, ENGINE, UNIX_TIMESTAMP(CREATE_TIME) FROM information_schema.TABLES {}", where),
                   [&](mysql::RowView row) {
                     facts = TableFacts{text_of(row[0]), text_of(row[1]), number_of<std::int64_t>(row[2])};
                   });
  return facts;
}

/// Since MariaDB 10.10 some collations have an id only together with their charset.
std::string collation_join(const mysql::ServerVersion& version) {
  const bool by_charset = version.flavor == mysql::Flavor::mariadb && version.at_least(10, 10);
  return by_charset ? "information_schema.COLLATION_CHARACTER_SET_APPLICABILITY k ON k.FULL_COLLATION_NAME = c.COLLATION_NAME"
                    : "information_schema.COLLATIONS k ON k.COLLATION_NAME = c.COLLATION_NAME";
}

void read_labels(CatalogColumn& out, std::string_view collation_name) {
  auto labels = parse_labels(out.type_text);
  if (!labels) return;
  const auto doubtful = [](const std::string& label) { return label.find('?') != std::string::npos; };
  out.labels_unsure = has_supplementary_characters(collation_name) && std::ranges::any_of(*labels, doubtful);
  if (!out.labels_unsure) out.column.labels = std::move(*labels);
}

ColumnType known_type(std::string_view data_type, std::string_view column) {
  if (const auto type = column_type_named(data_type)) return *type;
  throw Error{ErrorCode::column_unsupported, Remedy::operate,
              fmt::format("column `{}`: type {} is not known to this version", column, data_type),
              "leave the table out with the tables setting"};
}

/// The columns of `column_query`.
enum Field : std::size_t {
  name,
  data_type,
  column_type,
  nullable,
  octets,
  precision,
  scale,
  fraction_digits,
  collation_name,
  collation_id
};

CatalogColumn column_of(mysql::RowView row) {
  CatalogColumn out;
  out.type_text = text_of(row[column_type]);
  Column& column = out.column;
  column.name = text_of(row[name]);
  column.type = known_type(text_of(row[data_type]), column.name);
  column.nullable = text_of(row[nullable]) == "YES";
  column.collation = holds_bytes(column.type) ? binary_collation : number_of<std::uint32_t>(row[collation_id]);
  switch (column.type) {
    case ColumnType::tinyint:
    case ColumnType::smallint:
    case ColumnType::mediumint:
    case ColumnType::integer:
    case ColumnType::bigint:
    case ColumnType::float_:
    case ColumnType::double_: column.is_unsigned = is_declared_unsigned(out.type_text); break;
    case ColumnType::decimal:
      column.is_unsigned = is_declared_unsigned(out.type_text);
      column.precision = number_of<std::uint8_t>(row[precision]);
      column.fraction_digits = number_of<std::uint8_t>(row[scale]);
      break;
    case ColumnType::bit: column.precision = number_of<std::uint8_t>(row[precision]); break;
    case ColumnType::time:
    case ColumnType::datetime:
    case ColumnType::timestamp: column.fraction_digits = number_of<std::uint8_t>(row[fraction_digits]); break;
    case ColumnType::char_:
    case ColumnType::varchar:
    case ColumnType::binary:
    case ColumnType::varbinary: column.length_bytes = number_of<std::uint32_t>(row[octets]); break;
    case ColumnType::enum_:
    case ColumnType::set: read_labels(out, text_of(row[collation_name])); break;
    case ColumnType::text:
    case ColumnType::blob:
    case ColumnType::date:
    case ColumnType::year:
    case ColumnType::json:
    case ColumnType::geometry:
    case ColumnType::vector:
    case ColumnType::uuid:
    case ColumnType::inet4:
    case ColumnType::inet6: break;
  }
  return out;
}

void read_columns(mysql::Connection& connection, std::string_view where, CatalogTable& out) {
  connection.query(
      fmt::format("SELECT c.COLUMN_NAME, c.DATA_TYPE, c.COLUMN_TYPE, c.IS_NULLABLE, c.CHARACTER_OCTET_LENGTH, c.NUMERIC_PRECISION, "
                  "c.NUMERIC_SCALE, c.DATETIME_PRECISION, c.COLLATION_NAME, k.ID FROM information_schema.COLUMNS c LEFT JOIN {} {} "
                  "ORDER BY c.ORDINAL_POSITION",
                  collation_join(connection.version()), where),
      [&](mysql::RowView row) { out.columns.push_back(column_of(row)); });
}

CatalogColumn unlisted_column(std::string column_name, ColumnType type) {
  CatalogColumn out;
  out.column.name = std::move(column_name);
  out.column.type = type;
  return out;
}

bool has_explicit_period(mysql::Connection& connection, std::string_view where) {
  return connection.query_value(
             fmt::format("SELECT COUNT(*) FROM information_schema.COLUMNS {} AND GENERATION_EXPRESSION = 'ROW START'", where)) != "0";
}

/// Implicit system versioning. The columns are shown, as a table map with full metadata shows them: without row_end a
/// deleted row would look like an update that changes nothing.
void add_period_columns(CatalogTable& out) {
  for (const char* column_name : {"row_start", "row_end"}) {
    CatalogColumn& added = out.columns.emplace_back(unlisted_column(column_name, ColumnType::timestamp));
    added.column.nullable = false;
    added.column.fraction_digits = 6;
  }
  if (!out.primary_key.empty()) out.primary_key.push_back({out.columns.size() - 1, 0});
}

void add_hash_columns(mysql::Connection& connection, std::string_view where, CatalogTable& out) {
  const auto hashed_keys = connection.query_value(fmt::format(
      "SELECT COUNT(DISTINCT INDEX_NAME) FROM information_schema.STATISTICS {} AND INDEX_TYPE = 'HASH' AND NON_UNIQUE = 0", where));
  for (unsigned n = 1; n <= number_of<unsigned>(hashed_keys); ++n) {
    CatalogColumn& added = out.columns.emplace_back(unlisted_column(fmt::format("DB_ROW_HASH_{}", n), ColumnType::bigint));
    added.column.is_unsigned = true;
    added.hidden = true;
  }
}

/// MariaDB appends columns that information_schema does not list: first row_start and row_end of implicit system
/// versioning, then a DB_ROW_HASH_n for each unique key too long for the engine (measured on 10.11 and 11.8: always
/// in this order and at the end, wherever ALTER TABLE put other columns).
void add_unlisted_columns(mysql::Connection& connection, std::string_view where, const TableFacts& facts, CatalogTable& out) {
  if (facts.versioned() && !has_explicit_period(connection, where)) add_period_columns(out);
  // In a MEMORY table HASH is an index like any other.
  if (facts.engine != "MEMORY") add_hash_columns(connection, where, out);
}

void read_primary_key(mysql::Connection& connection, std::string_view where, CatalogTable& out) {
  connection.query(fmt::format("SELECT COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS {} AND INDEX_NAME = 'PRIMARY' "
                               "ORDER BY SEQ_IN_INDEX",
                               where),
                   [&](mysql::RowView row) {
                     const std::string column_name = text_of(row[0]);
                     const auto found =
                         std::ranges::find_if(out.columns, [&](const CatalogColumn& entry) { return entry.column.name == column_name; });
                     if (found == out.columns.end()) return;  // the table changed meanwhile: the caller reads again
                     out.primary_key.push_back({static_cast<std::size_t>(found - out.columns.begin()), number_of<std::uint64_t>(row[1])});
                   });
}

}  // namespace

std::optional<CatalogTable> load_table(mysql::Connection& connection, std::string_view schema, std::string_view table) {
  const std::string where = where_clause(connection, schema, table);
  auto facts = read_table_facts(connection, where);
  for (int attempt = 0; facts && attempt < read_attempts_max; ++attempt) {
    if (facts->type.ends_with("VIEW")) return std::nullopt;
    CatalogTable out{std::string{schema}, std::string{table}, {}, {}, facts->created_at_s, facts->type == "SEQUENCE"};
    with_frame([&] { return fmt::format("`{}`.`{}`", schema, table); }, [&] { read_columns(connection, where, out); });
    read_primary_key(connection, where, out);
    if (connection.version().flavor == mysql::Flavor::mariadb) add_unlisted_columns(connection, where, *facts, out);
    // Several statements are not one moment: a DDL in between shows as another CREATE_TIME.
    auto again = read_table_facts(connection, where);
    if (again == facts) return out;
    facts = std::move(again);
  }
  if (!facts) return std::nullopt;
  throw Error{ErrorCode::schema_outdated, Remedy::retry, fmt::format("`{}`.`{}` changes faster than it can be looked up", schema, table)};
}

std::vector<std::pair<std::string, std::string>> list_tables(mysql::Connection& connection) {
  std::vector<std::pair<std::string, std::string>> out;
  connection.query(
      "SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') "
      "AND TABLE_SCHEMA NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')",
      [&](mysql::RowView row) { out.emplace_back(text_of(row[0]), text_of(row[1])); });
  std::ranges::sort(out);
  return out;
}

}  // namespace cdc::catalog
