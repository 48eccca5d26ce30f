#pragma once

/// The changelog that triggers write: where its tables are and which tables it captures. Made by sql/core.sql and sql/table.sql.
///
/// A captured table's definition has a number (tid) and a payload table `_cdc_r<tid>` (id, b1…bN, a1…aN): the row before and after,
/// b<n> and a<n> for the n-th column of the source. A changed definition gets a new number; its predecessor is drained.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cdc/mysql/connection.h"

namespace cdc::catalog {

constexpr std::uint32_t changelog_layout = 1;  ///< Of `_cdc_meta.layout`.

/// Names of the changelog's tables and triggers.
struct ChangelogNames {
  std::string schema;
  std::string prefix = "_cdc_";  ///< [a-z0-9_], at most 32.

  /// ``quoted("log")`` is `` `shop`.`_cdc_log` ``; likewise meta, table, inbox, log, consumer.
  std::string quoted(std::string_view table) const;
  std::string payload_name(std::uint32_t tid) const;  ///< `_cdc_r7`, without schema and quotes.
  std::string payload(std::uint32_t tid) const;       ///< Quoted, with the schema.
  /// `_cdc_7_u`, without quotes; it lives in its table's schema. `event`: i, u or d.
  std::string trigger_name(std::uint32_t tid, char event) const;
  /// Whether this is one of the changelog's own tables, which are never captured.
  bool owns(std::string_view schema, std::string_view table) const noexcept;
};

/// Where the changelog is: `configured` (trigger.schema), else the URL's database, else the one schema that all `tables` (schema, table)
/// are in. Throws Error(setting_invalid) when that does not tell, or for a prefix that cannot be.
ChangelogNames changelog_names(std::string_view configured, std::string_view prefix, std::string_view default_schema,
                               std::span<const std::pair<std::string, std::string>> tables);

/// One column of a captured table as it was when its triggers were made; the n-th has payload columns b<n> and a<n>.
struct RegisteredColumn {
  std::string name;
  std::string type_text;          ///< COLUMN_TYPE, e.g. `int(10) unsigned zerofill`.
  std::string charset;            ///< Empty: none.
  std::uint32_t key_ordinal = 0;  ///< From 1 within the primary key; 0 = not part of it.
  bool before = false;            ///< The payload table has b<n>.
  bool after = false;             ///< … and a<n>. Neither: columns.exclude.

  bool operator==(const RegisteredColumn&) const = default;
};

/// `_cdc_table.cols`: a line a column.
std::string columns_text(std::span<const RegisteredColumn> columns);
/// Throws Error(changelog_layout) when the text is not like that.
std::vector<RegisteredColumn> parse_columns_text(std::string_view text);

enum class CaptureState : std::uint8_t {
  changing,  ///< Being installed; found later: the installer died, and changes may be missing.
  active,
  retired,  ///< No trigger writes it any more; what it has is still to be read.
};

/// A row of `_cdc_table`.
struct RegisteredTable {
  std::uint32_t tid = 0;
  std::string schema, table;
  std::vector<RegisteredColumn> columns;
  std::string trigger_md5;  ///< See trigger_md5_query; 128 bits of a SHA-256, as MySQL 9.6 and later have no MD5().
  CaptureState state = CaptureState::changing;
  std::uint32_t follows = 0;  ///< Replaced that tid's triggers without a gap; 0 = changes before may be missing.
};

/// The row of `_cdc_meta`.
struct ChangelogMeta {
  std::uint32_t layout = 0;
  std::string epoch;  ///< A UUID: another one is another installation.
  std::uint64_t next_seq = 0, purged_seq = 0;
};

/// Nullopt when there is no changelog, or not all of it, or none that this account may see. Throws Error(changelog_layout) for another
/// layout.
std::optional<ChangelogMeta> load_changelog_meta(mysql::Connection& connection, const ChangelogNames& names);
/// By tid. The changelog must be there.
std::vector<RegisteredTable> load_registry(mysql::Connection& connection, const ChangelogNames& names);

/// What information_schema says of a table's columns now, in the registry's words; `before` and `after` unset. Empty: no such table, or
/// not visible.
std::vector<RegisteredColumn> load_registered_columns(mysql::Connection& connection, std::string_view schema, std::string_view table);

/// A SELECT of one value: a digest of the three triggers' texts, as in `_cdc_table.trig_md5`; NULL when one is missing or on another
/// table. Who lacks the privilege TRIGGER on the table sees none.
std::string trigger_md5_query(mysql::Connection& connection, const ChangelogNames& names, const RegisteredTable& table);

}  // namespace cdc::catalog
