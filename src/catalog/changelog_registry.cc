#include <fmt/format.h>

#include <array>

#include "cdc/base/error.h"
#include "cdc/catalog/changelog.h"
#include "cdc/catalog/fields.h"

namespace cdc::catalog {
namespace {

bool exists(mysql::Connection& connection, const ChangelogNames& names) {
  return connection
      .query_value(fmt::format("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {} AND TABLE_NAME = {}",
                               connection.quote(names.schema), connection.quote(names.prefix + "meta")))
      .has_value();
}

CaptureState state_named(std::string_view text) {
  if (text == "active") return CaptureState::active;
  return text == "retired" ? CaptureState::retired : CaptureState::changing;
}

}  // namespace

std::optional<ChangelogMeta> load_changelog_meta(mysql::Connection& connection, const ChangelogNames& names) {
  if (!exists(connection, names)) return std::nullopt;
  std::optional<ChangelogMeta> out;
  connection.query(fmt::format("SELECT layout, epoch, next_seq, purged_seq FROM {} WHERE one = 1", names.quoted("meta")),
                   [&](mysql::RowView row) {
                     out = ChangelogMeta{number_of<std::uint32_t>(row[0]), text_of(row[1]), number_of<std::uint64_t>(row[2]),
                                         number_of<std::uint64_t>(row[3])};
                   });
  if (!out || out->layout == changelog_layout) return out;  // The row is the last thing that is made.
  throw Error{ErrorCode::changelog_layout, Remedy::operate,
              fmt::format("the changelog in {} has layout {}, this version knows {}", mysql::quote_name(names.schema), out->layout,
                          changelog_layout),
              "use the version that made it, or mysql-cdc triggers uninstall, then install"};
}

std::vector<RegisteredTable> load_registry(mysql::Connection& connection, const ChangelogNames& names) {
  std::vector<RegisteredTable> out;
  connection.query(
      fmt::format("SELECT tid, tbl_schema, tbl_name, CONVERT(cols USING utf8mb4), trig_md5, state, follows FROM {} ORDER BY tid",
                  names.quoted("table")),
      [&](mysql::RowView row) {
        RegisteredTable& added = out.emplace_back();
        added.tid = number_of<std::uint32_t>(row[0]);
        added.schema = text_of(row[1]);
        added.table = text_of(row[2]);
        added.columns = parse_columns_text(row[3].value_or(std::string_view{}));
        added.trigger_md5 = text_of(row[4]);
        added.state = state_named(row[5].value_or(std::string_view{}));
        added.follows = number_of<std::uint32_t>(row[6]);
      });
  return out;
}

std::vector<RegisteredColumn> load_registered_columns(mysql::Connection& connection, std::string_view schema, std::string_view table) {
  const std::string where = fmt::format("TABLE_SCHEMA = {} AND TABLE_NAME = {}", connection.quote(schema), connection.quote(table));
  std::vector<RegisteredColumn> out;
  connection.query(fmt::format("SELECT COLUMN_NAME, COLUMN_TYPE, CHARACTER_SET_NAME FROM information_schema.COLUMNS WHERE {} "
                               "ORDER BY ORDINAL_POSITION",
                               where),
                   [&](mysql::RowView row) {
                     out.push_back({text_of(row[0]), text_of(row[1]), text_of(row[2])});
                   });
  connection.query(
      fmt::format("SELECT COLUMN_NAME, SEQ_IN_INDEX FROM information_schema.STATISTICS WHERE {} AND INDEX_NAME = 'PRIMARY'", where),
      [&](mysql::RowView row) {
        for (RegisteredColumn& column : out)
          if (column.name == row[0]) column.key_ordinal = number_of<std::uint32_t>(row[1]);
      });
  return out;
}

std::string trigger_md5_query(mysql::Connection& connection, const ChangelogNames& names, const RegisteredTable& table) {
  const auto name = [&](char event) { return connection.quote(names.trigger_name(table.tid, event)); };
  return fmt::format(
      "SELECT IF(COUNT(*) = 3, LEFT(SHA2(GROUP_CONCAT(SHA2(ACTION_STATEMENT, 256) ORDER BY TRIGGER_NAME SEPARATOR ''), 256), 32), NULL) "
      "FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = {0} AND EVENT_OBJECT_SCHEMA = {0} AND EVENT_OBJECT_TABLE = {1} "
      "AND TRIGGER_NAME IN ({2}, {3}, {4})",
      connection.quote(table.schema), connection.quote(table.table), name('d'), name('i'), name('u'));
}

}  // namespace cdc::catalog
