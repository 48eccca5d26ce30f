#include "ddl_history.h"

#include <algorithm>
#include <charconv>

#include "cdc/binlog/statement.h"

namespace cdc::capture {
namespace {

std::uint64_t file_number(std::string_view file) noexcept {
  const std::string_view suffix = file.substr(std::min(file.rfind('.') + 1, file.size()));  // npos + 1 = 0
  std::uint64_t number = 0;
  std::from_chars(suffix.data(), suffix.data() + suffix.size(), number);
  return number;
}

constexpr bool is_ascii(char c) noexcept { return (static_cast<unsigned char>(c) & 0x80) == 0; }

/// The form under which names are compared: see DdlHistory.
std::string folded(std::string_view name) {
  constexpr char any_letter = '\x80';
  std::string out;
  for (const char c : name) {
    if (!is_ascii(c)) {
      if (!out.ends_with(any_letter)) out += any_letter;
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return out;
}

/// The kinds that can give a name other columns, or the columns another name.
bool may_reshape(binlog::StatementKind kind) noexcept {
  using enum binlog::StatementKind;
  switch (kind) {
    case drop_table:
    case drop_schema:
    case alter_table:
    case rename_table:
    case create_table:
    case other_ddl: return true;
    case begin:
    case commit:
    case rollback:
    case savepoint:
    case rollback_to:
    case xa_start:
    case xa_end:
    case xa_prepare:
    case xa_commit:
    case xa_rollback:
    case dml:
    case truncate:
    case other: return false;
  }
  return true;
}

}  // namespace

bool before(const LogPlace& a, const LogPlace& b) noexcept {
  if (a.file == b.file) return a.at < b.at;
  const std::uint64_t a_number = file_number(a.file), b_number = file_number(b.file);
  return a_number != b_number ? a_number < b_number : a.at < b.at;
}

void DdlHistory::add(std::string_view schema, std::string_view table, const LogPlace& place) {
  const auto [entry, added] = last_.try_emplace({folded(schema), folded(table)}, place);
  if (!added && before(entry->second, place)) entry->second = place;
}

bool DdlHistory::entry_after(const Name& name, const LogPlace& place) const {
  const auto found = last_.find(name);
  return found != last_.end() && before(place, found->second);
}

bool DdlHistory::changed_after(std::string_view schema, std::string_view table, const LogPlace& place) const {
  const std::string folded_schema = folded(schema);
  return entry_after({folded_schema, folded(table)}, place) || entry_after({folded_schema, {}}, place) || entry_after({{}, {}}, place);
}

void add_statement(DdlHistory& history, std::string_view sql, binlog::SqlDialect dialect, std::string_view default_schema,
                   const LogPlace& place) {
  using binlog::StatementKind;
  const StatementKind kind = binlog::classify(sql, dialect).kind;
  if (!may_reshape(kind)) return;
  // Where a second byte may look like a backtick or a letter, a name that is not ASCII cannot be told.
  const bool doubtful = dialect.trail_bytes != binlog::TrailBytes::distinct && !std::ranges::all_of(sql, is_ascii);
  const auto names = binlog::named_tables(sql, dialect, default_schema);
  for (const binlog::TableName& name : names) history.add(name.schema, doubtful ? std::string_view{} : name.table, place);
  if (doubtful || (names.empty() && kind != StatementKind::other_ddl)) history.add_schema(default_schema, place);
}

}  // namespace cdc::capture
