#include <fmt/format.h>

#include "cdc/admin/inspect.h"
#include "cdc/catalog/fields.h"
#include "names.h"
#include "script.h"
#include "scripts.h"

namespace cdc::admin {
namespace {

using catalog::number_of;
using catalog::text_of;

std::optional<std::int64_t> optional_number(const std::optional<std::string_view>& field) {
  if (!field) return std::nullopt;
  return number_of<std::int64_t>(field);
}

/// What the statements of status.sql answer, in their order.
using Reader = void (*)(mysql::RowView row, Status& out);
constexpr Reader readers[] = {
    [](mysql::RowView row, Status& out) {
      out.inbox_changes = number_of<std::uint64_t>(row[0]);
      out.inbox_oldest_s = optional_number(row[1]);
    },
    [](mysql::RowView row, Status& out) {
      out.log_changes = number_of<std::uint64_t>(row[0]);
      out.unread_changes = number_of<std::int64_t>(row[3]);
      out.unread_oldest_s = optional_number(row[4]);
    },
    [](mysql::RowView row, Status& out) {
      out.consumers.push_back(
          {text_of(row[0]), number_of<std::uint64_t>(row[1]), number_of<std::int64_t>(row[2]), number_of<std::int64_t>(row[3])});
    },
    [](mysql::RowView row, Status& out) {
      const std::string state = text_of(row[3]);
      out.tables.push_back({shown_table(text_of(row[1]), text_of(row[2])), number_of<std::uint32_t>(row[0]),
                            state == "active"    ? catalog::CaptureState::active
                            : state == "retired" ? catalog::CaptureState::retired
                                                 : catalog::CaptureState::changing,
                            0});
    },
};

void load_sizes(mysql::Connection& connection, const catalog::ChangelogNames& names, Status& out) {
  connection.query(fmt::format("SELECT TABLE_NAME, DATA_LENGTH + INDEX_LENGTH FROM information_schema.TABLES WHERE TABLE_SCHEMA = {}",
                               connection.quote(names.schema)),
                   [&](mysql::RowView row) {
                     const std::string name = text_of(row[0]);
                     const auto bytes = number_of<std::uint64_t>(row[1]);
                     if (names.owns(names.schema, name)) out.bytes += bytes;
                     for (CapturedTable& table : out.tables)
                       if (name == names.payload_name(table.tid)) table.payload_bytes = bytes;
                   });
}

}  // namespace

Status load_status(mysql::Connection& connection, const catalog::ChangelogNames& names) {
  Status out;
  out.meta = require_changelog(connection, names);
  const auto statements = split_statements(fill(scripts::status, {}, names));
  for (std::size_t i = 0; i < statements.size(); ++i) connection.query(statements[i], [&](mysql::RowView row) { readers[i](row, out); });
  load_sizes(connection, names, out);
  return out;
}

}  // namespace cdc::admin
