#include "extra_records.h"

#include "cdc/base/utf8.h"

namespace cdc::capture {
namespace {

constexpr std::array<std::string_view, 6> kind_names{"truncate", "drop", "partition", "ddl", "begin", "end"};

Column text_column(std::string name, bool nullable) {
  Column out;
  out.name = std::move(name);
  out.type = ColumnType::text;
  out.nullable = nullable;
  return out;
}

Value text_value(std::string_view text) noexcept {
  Value out;
  set_data(out, ValueKind::text, text);
  return out;
}

Value null_value() noexcept {
  Value out;
  out.kind = ValueKind::null;
  return out;
}

/// Null for an empty text; `kept` holds what had to be changed.
Value text_or_null(std::string_view text, std::string& kept) {
  if (text.empty()) return null_value();
  if (is_valid_utf8(text)) return text_value(text);
  kept = replace_invalid_utf8(text);
  return text_value(kept);
}

Value time_value(std::uint64_t unix_us) noexcept {
  if (unix_us == 0) return null_value();
  Value out;
  out.kind = ValueKind::timestamp;
  out.fraction_digits = 6;
  out.i64 = static_cast<std::int64_t>(unix_us);
  return out;
}

Value count_value(const std::optional<std::uint64_t>& count) noexcept {
  if (!count) return null_value();
  Value out;
  out.kind = ValueKind::int64;
  out.i64 = static_cast<std::int64_t>(*count);
  return out;
}

}  // namespace

ExtraRecords::ExtraRecords(const config::Settings& settings, std::uint64_t schema_id) : wants_transactions_{settings.events.transactions} {
  schema_.id = schema_id;
  schema_.schema = "mysql";
  // Whatever form the collection has: a captured table may be called `events`.
  schema_.table = settings.collection == config::CollectionForm::table ? "mysql.events" : "events";
  schema_.event = true;
  schema_.columns = {text_column("type", false), text_column("schema", true), text_column("table", true), text_column("sql", true),
                     text_column("txn", false)};
  Column committed;
  committed.name = "time";
  committed.type = ColumnType::timestamp;
  committed.fraction_digits = 6;
  Column rows;
  rows.name = "count";
  rows.type = ColumnType::bigint;
  schema_.columns.push_back(std::move(committed));
  schema_.columns.push_back(std::move(rows));
  schema_.key = {type, schema_name, table_name, txn};
  schema_.key_kind = KeyKind::configured;
}

bool ExtraRecords::any_wanted(const config::Settings& settings) noexcept {
  return settings.events.truncate || settings.events.ddl || settings.events.transactions;
}

std::span<const Value> ExtraRecords::values(const ExtraRecord& record, const Transaction& transaction) {
  values_[type] = text_value(kind_names[static_cast<std::size_t>(record.kind)]);
  values_[schema_name] = text_or_null(record.schema, schema_text_);
  values_[table_name] = text_or_null(record.table, table_text_);
  values_[sql] = text_or_null(record.sql, sql_);
  values_[txn] = text_value(transaction.id);
  values_[time] = time_value(transaction.committed_at_us);
  values_[count] = count_value(record.count);
  return values_;
}

}  // namespace cdc::capture
