#pragma once

/// A captured table as its changelog entries show it: what is selected from the payload, and what its records look like.
///
/// The names, types and the key are those of the table now, which the fingerprint names; the payload's columns are those of the
/// definition that the triggers were made for. Both are put together by name. Columns of the payload are of widened types, so one
/// definition serves every change of a column that stays within its kind (INT to BIGINT, a longer VARCHAR, more labels); anything else is
/// drift.

#include <cstdint>
#include <string>
#include <vector>

#include "cdc/catalog/changelog.h"
#include "cdc/catalog/table_catalog.h"
#include "cdc/config/settings.h"
#include "cdc/config/table_rules.h"
#include "cdc/model/table_schema.h"
#include "cdc/select/row_plan.h"
#include "table_registry.h"

namespace cdc::capture {

struct ChangelogTable {
  std::uint32_t tid = 0;
  TableSchema schema;  ///< Equal, but for the id, to what the binlog's stream makes of the table's rows.
  std::vector<MaskedSlot> masks;
  select::RowPlan before, after;    ///< Lists of expressions over the payload `r`; decoded rows are the records' images.
  std::vector<std::size_t> places;  ///< By slot: n of the payload's b<n> and a<n>.
  std::vector<bool> kept_before;    ///< By slot: whether the payload has the old value; else it is absent.
  bool whole_before = true;         ///< All of them.
  std::string fingerprint;          ///< Of the table's definition that this was made from.
  std::vector<std::string> added;   ///< Columns that the triggers do not know.
};

/// Throws Error: trigger_drift when a column went or is of another kind, column_unsupported, schema_mismatch, setting_invalid.
ChangelogTable build_changelog_table(const catalog::RegisteredTable& registered, const catalog::CatalogTable& now, mysql::Flavor flavor,
                                     const config::Settings& settings, const config::ColumnRules& rules);

/// Whether values of a column of type `from` and of one of type `to` are kept in payload columns of one type: both COLUMN_TYPEs.
bool same_payload_type(std::string_view from, std::string_view to) noexcept;

}  // namespace cdc::capture
