#pragma once

/// The metadata of a record: which entries there are, in the order of their names, for whoever writes them.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "cdc/base/utf8.h"
#include "cdc/config/settings.h"
#include "cdc/model/change.h"
#include "cdc/opencdc/schema_registry.h"

namespace cdc::opencdc {

struct MetadataForm {
  config::MetadataLevel level = config::MetadataLevel::standard;
  config::CollectionForm collection = config::CollectionForm::schema_table;
};

/// The schemas of a record's Avro parts; none where there is no such part.
struct SchemaNames {
  const SchemaId* key = nullptr;
  const SchemaId* payload = nullptr;
};

/// What an entry depends on. A snapshot's transactions are not those of other changes.
enum class MetadataPart : std::uint8_t { table, transaction, record };

/// The last entry, but in lean metadata: constant, so left to the writer.
inline constexpr std::string_view version_key = "opencdc.version", version_text = "v1";

/// Comma list of the columns with such a value in either image.
std::string columns_marked(const Change& change, ValueMark mark);
std::string columns_absent(const Change& change);

namespace detail {

inline constexpr std::array<std::string_view, 3> key_change_names{"none", "old", "new"};

template <class Entries>
void add_list(Entries& entries, std::string_view key, const std::string& columns) {
  if (!columns.empty()) entries.add(key, std::string_view{columns});
}

/// Entries before `mysql.seq`.
template <class Entries>
void add_first(Entries& entries, const Change& change, bool full) {
  using enum MetadataPart;
  const Transaction& of = change.transaction;
  const bool has_file = full && !of.file.empty();
  if (entries.wants(record) && change.partial) add_list(entries, "mysql.absent", columns_absent(change));
  if (entries.wants(table) && change.table.positional) entries.add("mysql.columns", std::string_view{"positional"});
  if (entries.wants(transaction) && has_file) entries.add("mysql.file", std::string_view{of.file});
  if (entries.wants(record) && change.marked) add_list(entries, "mysql.invalidText", columns_marked(change, ValueMark::invalid_text));
  if (entries.wants(record) && change.marked) add_list(entries, "mysql.jsondiff", columns_marked(change, ValueMark::json_diff));
  if (entries.wants(table) && change.table.key_kind == KeyKind::whole_row) entries.add("mysql.key", std::string_view{"row"});
  if (entries.wants(record) && change.key_change != KeyChange::none)
    entries.add("mysql.keychange", key_change_names[static_cast<std::size_t>(change.key_change)]);
  if (entries.wants(transaction) && has_file) entries.add("mysql.pos", of.at);
}

/// Entries after `mysql.seq` and before the `opencdc` ones.
template <class Entries>
void add_middle(Entries& entries, const Change& change, bool standard, bool full) {
  using enum MetadataPart;
  const Transaction& of = change.transaction;
  if (entries.wants(transaction) && full) entries.add("mysql.serverId", std::uint64_t{of.server_id});
  if (entries.wants(record) && full && !of.sql.empty()) {  // in the client's charset
    const std::string_view sql = of.sql;
    is_valid_utf8(sql) ? entries.add("mysql.sql", sql) : add_list(entries, "mysql.sql", replace_invalid_utf8(sql));
  }
  if (entries.wants(transaction) && full && of.thread_id != 0) entries.add("mysql.thread", std::uint64_t{of.thread_id});
  if (entries.wants(transaction) && standard && !of.id.empty()) entries.add("mysql.txn", std::string_view{of.id});
  if (entries.wants(record) && change.marked) add_list(entries, "mysql.unknownCharset", columns_marked(change, ValueMark::unknown_charset));
}

template <class Entries>
void add_collection(Entries& entries, const TableSchema& table, config::CollectionForm form) {
  if (form == config::CollectionForm::table) {
    entries.add("opencdc.collection", std::string_view{table.table});
  } else {
    entries.add_pair("opencdc.collection", table.schema, table.table);
  }
}

template <class Entries>
void add_schema(Entries& entries, const SchemaId* schema, std::string_view subject_key, std::string_view version_number_key) {
  if (schema == nullptr) return;
  entries.add(subject_key, std::string_view{schema->subject});
  entries.add(version_number_key, static_cast<std::uint64_t>(schema->version));
}

}  // namespace detail

/// What stands behind `mysql.seq`: all that changes from one transaction to the next, unless metadata is full.
template <class Entries>
void add_metadata_after_seq(Entries& entries, const Change& change, const MetadataForm& form, const SchemaNames& schemas = {}) {
  using enum MetadataPart;
  const bool standard = form.level != config::MetadataLevel::lean;
  const std::uint64_t committed_us = change.operation == Operation::snapshot ? 0 : change.transaction.committed_at_us;
  detail::add_middle(entries, change, standard, form.level == config::MetadataLevel::full);
  if (entries.wants(table)) detail::add_collection(entries, change.table, form.collection);
  if (entries.wants(transaction) && standard && committed_us != 0) entries.add("opencdc.createdAt", committed_us * 1000);
  if (entries.wants(table)) {
    detail::add_schema(entries, schemas.key, "opencdc.key.schema.subject", "opencdc.key.schema.version");
    detail::add_schema(entries, schemas.payload, "opencdc.payload.schema.subject", "opencdc.payload.schema.version");
  }
  if (entries.wants(record) && standard) entries.add_read_at("opencdc.readAt");
}

/// Calls on `entries`, in the order of the keys, for the parts that it `wants`: `add(key, text)`, `add(key, number)`,
/// `add_pair(key, first, second)` for `first.second`; `add_seq(key)` and `add_read_at(key)` for what changes from record to
/// record. Texts are UTF-8 as far as the server's names are.
template <class Entries>
void add_metadata(Entries& entries, const Change& change, const MetadataForm& form, const SchemaNames& schemas = {}) {
  detail::add_first(entries, change, form.level == config::MetadataLevel::full);
  if (entries.wants(MetadataPart::record) && form.level != config::MetadataLevel::lean) entries.add_seq("mysql.seq");
  add_metadata_after_seq(entries, change, form, schemas);
}

}  // namespace cdc::opencdc
