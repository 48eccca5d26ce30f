#include "json_metadata.h"

#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include "cdc/base/numbers.h"
#include "cdc/base/utf8.h"
#include "json_text.h"
#include "value_text.h"

namespace cdc::cli {
namespace {

constexpr std::array<std::string_view, 4> openings{
    "\",\"operation\":\"create\",\"metadata\":{", "\",\"operation\":\"update\",\"metadata\":{",
    "\",\"operation\":\"delete\",\"metadata\":{", "\",\"operation\":\"snapshot\",\"metadata\":{"};
constexpr std::array<std::string_view, 3> key_change_names{"none", "old", "new"};

/// Statements are logged in the client's charset: what is not UTF-8 becomes U+FFFD, a byte each, as Go does.
std::string replace_invalid(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = 1;
    while (size <= 4 && size <= text.size() && !is_valid_utf8(text.substr(0, size))) ++size;
    const bool valid = size <= 4 && size <= text.size();
    out += valid ? text.substr(0, size) : "\xef\xbf\xbd";
    text.remove_prefix(valid ? size : 1);
  }
  return out;
}

/// Appends entries; the caller gives them in the order of their names.
class Entries {
 public:
  explicit Entries(OutputBuffer& out) noexcept : out_{&out} {}

  /// `text`: UTF-8.
  void add(std::string_view key, std::string_view text) {
    char* at = begin(key, json_escape_factor * text.size() + json_slack_bytes);
    at = write_json_escaped(at, text.data(), text.size());
    end(at);
  }
  void add(std::string_view key, std::uint64_t number) { end(write_uint(begin(key, integer_text_max_bytes), number)); }
  /// The value, up to `room` bytes of it, is written at what this returns, and `end` after it.
  char* begin(std::string_view key, std::size_t room) {
    char* at = out_->reserve(key.size() + room + 8);
    if (!first_) *at++ = ',';
    first_ = false;
    *at++ = '"';
    std::memcpy(at, key.data(), key.size());
    std::memcpy(at + key.size(), "\":\"", 3);
    return at + key.size() + 3;
  }
  void end(char* at) noexcept {
    *at++ = '"';
    out_->commit(at);
  }
  /// Inside a value that someone else completes.
  void leave(char* at) noexcept { out_->commit(at); }
  /// The rest of the entries, behind that value.
  void continue_in(OutputBuffer& next) {
    out_ = &next;
    next.append('"');
  }

 private:
  OutputBuffer* out_;
  bool first_ = true;
};

/// Comma list of the columns whose value, in either image, `is` something.
template <class Is>
std::string columns_where(const Change& change, Is&& is) {
  std::string out;
  for (std::size_t i = 0; i < change.table.columns.size(); ++i) {
    const auto in = [&](std::span<const Value> image) { return i < image.size() && is(image[i]); };
    if (!in(change.before) && !in(change.after)) continue;
    if (!out.empty()) out += ',';
    out += change.table.columns[i].name;
  }
  return out;
}

void add_marked(Entries& entries, const Change& change, std::string_view key, ValueMark mark) {
  if (!change.marked) return;
  const std::string columns = columns_where(change, [&](const Value& value) { return value.mark == mark; });
  if (!columns.empty()) entries.add(key, columns);
}

void add_absent(Entries& entries, const Change& change) {
  if (!change.partial) return;
  const std::string columns = columns_where(change, [](const Value& value) { return value.kind == ValueKind::absent; });
  if (!columns.empty()) entries.add("mysql.absent", columns);
}

/// Entries before `mysql.seq`.
void add_first(Entries& entries, const Change& change, bool full) {
  const Transaction& transaction = change.transaction;
  add_absent(entries, change);
  if (change.table.positional) entries.add("mysql.columns", "positional");
  if (full && !transaction.file.empty()) entries.add("mysql.file", transaction.file);
  add_marked(entries, change, "mysql.invalidText", ValueMark::invalid_text);
  if (change.table.key_kind == KeyKind::whole_row) entries.add("mysql.key", "row");
  if (change.key_change != KeyChange::none) entries.add("mysql.keychange", key_change_names[static_cast<std::size_t>(change.key_change)]);
  if (full && !transaction.file.empty()) entries.add("mysql.pos", transaction.at);
}

/// Entries after `mysql.seq` and before the `opencdc` ones.
void add_middle(Entries& entries, const Change& change, bool standard, bool full) {
  const Transaction& transaction = change.transaction;
  if (full) {
    entries.add("mysql.serverId", transaction.server_id);
    if (!transaction.sql.empty())
      entries.add("mysql.sql", is_valid_utf8(transaction.sql) ? transaction.sql : replace_invalid(transaction.sql));
    if (transaction.thread_id != 0) entries.add("mysql.thread", transaction.thread_id);
  }
  if (standard && !transaction.id.empty()) entries.add("mysql.txn", transaction.id);
  add_marked(entries, change, "mysql.unconvertedText", ValueMark::unconverted_text);
  add_marked(entries, change, "mysql.unknownCharset", ValueMark::unknown_charset);
}

void add_collection(Entries& entries, const TableSchema& table, config::CollectionForm form) {
  const std::size_t schema_bytes = form == config::CollectionForm::table ? 0 : table.schema.size();
  char* at = entries.begin("opencdc.collection", json_escape_factor * (schema_bytes + table.table.size()) + 2 * json_slack_bytes);
  if (form == config::CollectionForm::schema_table) {
    at = write_json_escaped(at, table.schema.data(), schema_bytes);
    *at++ = '.';
  }
  entries.end(write_json_escaped(at, table.table.data(), table.table.size()));
}

/// Ends inside `opencdc.readAt`.
void add_times(Entries& entries, const Change& change) {
  const std::uint64_t committed_us = change.transaction.committed_at_us;
  if (committed_us != 0 && change.operation != Operation::snapshot) entries.add("opencdc.createdAt", committed_us * 1000);
  entries.leave(entries.begin("opencdc.readAt", 0));
}

}  // namespace

void render_metadata(const Change& change, const RecordForm& form, MetadataText& out) {
  const bool standard = form.metadata != config::MetadataLevel::lean;
  const bool full = form.metadata == config::MetadataLevel::full;
  out.before_seq.clear();
  out.after_seq.clear();
  out.before_seq.append(openings[static_cast<std::size_t>(change.operation)]);
  Entries entries{out.before_seq};
  add_first(entries, change, full);
  if (standard) {
    entries.leave(entries.begin("mysql.seq", 0));
    entries.continue_in(out.after_seq);
  }
  add_middle(entries, change, standard, full);
  add_collection(entries, change.table, form.collection);
  if (standard) add_times(entries, change);
}

std::string_view metadata_closing(const RecordForm& form) noexcept {
  return form.metadata == config::MetadataLevel::lean ? "},\"key\":" : "\",\"opencdc.version\":\"v1\"},\"key\":";
}

}  // namespace cdc::cli
