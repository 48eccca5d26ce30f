#include "cdc/cli/json_sink.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/base/numbers.h"
#include "json_documents.h"
#include "json_metadata.h"
#include "json_position.h"
#include "json_record.h"
#include "json_text.h"
#include "value_text.h"

namespace cdc::cli {
namespace {

/// Rows bounded by more than this are written value by value, so that the buffer stays small.
constexpr std::size_t large_row_bytes = std::size_t{512} << 10;
constexpr unsigned records_per_clock_read = 64;
constexpr std::string_view before_key = ",\"payload\":{\"before\":";
constexpr std::string_view after_key = ",\"after\":";
constexpr std::string_view record_end = "}}\n";
constexpr std::size_t fixed_text_bytes = before_key.size() + after_key.size() + record_end.size() + 3 * json_slack_bytes;

char* copy(char* out, std::string_view text) noexcept {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

/// Metadata as last rendered for one operation: good for the next record of the same kind.
struct CachedMetadata {
  MetadataText text;
  const TableSchema* table = nullptr;
  std::uint64_t ordinal = 0;
  std::string sql;
};

/// One record, ready to be written.
struct Row {
  const JsonTable* table;
  const MetadataText* metadata;
  std::uint64_t seq;
  std::span<const Value> key, before, after;
  std::size_t size_max;
};

std::size_t growth(std::span<const Value> values) noexcept {
  std::size_t sum = 0;
  for (const Value& value : values) sum += json_growth(value);
  return sum;
}

}  // namespace

std::uint64_t system_clock_ns() noexcept {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

struct JsonSink::State {
  State(const RecordForm& record_form, Clock now) noexcept : form{record_form}, clock{now} {}

  const JsonTable& table(const TableSchema& schema);
  const MetadataText& metadata(const Change& change);
  void begin(const Change& change);
  void read_clock() noexcept;
  char* write_head(char* out, const MetadataText& text, std::uint64_t seq) const noexcept;
  std::size_t head_size_max(const MetadataText& text) const noexcept {
    return opening.size_max() + text.before_seq.size() + integer_text_max_bytes + text.after_seq.size() + sizeof read_at + closing.size();
  }
  /// Of the row after a create, before any other change; what that image lacks, from the other one.
  std::span<const Value> key_values(const Change& change);
  void write_small(OutputBuffer& out, const Row& row) const;
  void write_large(Output& out, const Row& row) const;

  RecordForm form;
  Clock clock;
  std::string_view closing = metadata_closing(form);
  std::uint64_t ordinal = 0;
  bool started = false;
  char read_at[19] = {};  ///< Nanoseconds since 1970, until the year 2286.
  unsigned until_clock = 0;
  RecordOpening opening;
  std::array<CachedMetadata, 4> cached;
  MetadataText uncached;
  std::vector<std::unique_ptr<JsonTable>> tables;
  const TableSchema* last_schema = nullptr;
  const JsonTable* last_table = nullptr;
  std::vector<Value> merged_key;
  JsonDocuments key_documents, before_documents, after_documents;
};

const JsonTable& JsonSink::State::table(const TableSchema& schema) {
  if (&schema == last_schema) return *last_table;
  if (schema.id >= tables.size()) tables.resize(schema.id + 1);
  auto& known = tables[schema.id];
  if (known == nullptr) known = std::make_unique<JsonTable>(schema);
  last_schema = &schema;
  last_table = known.get();
  return *known;
}

void JsonSink::State::begin(const Change& change) {
  const bool new_transaction = !started || ordinal != change.transaction.ordinal;
  if (new_transaction) {
    started = true;
    ordinal = change.transaction.ordinal;
    opening.set(change.position);
  }
  if (new_transaction || --until_clock == 0) read_clock();
}

void JsonSink::State::read_clock() noexcept {
  constexpr std::uint64_t billion = 1'000'000'000;
  const std::uint64_t now_ns = clock();
  read_at[0] = static_cast<char>('0' + now_ns / billion / billion % 10);
  write_padded(read_at + 1, static_cast<std::uint32_t>(now_ns / billion % billion), 9);
  write_padded(read_at + 10, static_cast<std::uint32_t>(now_ns % billion), 9);
  until_clock = records_per_clock_read;
}

const MetadataText& JsonSink::State::metadata(const Change& change) {
  if (change.marked || change.partial || change.key_change != KeyChange::none) {
    render_metadata(change, form, uncached);
    return uncached;
  }
  CachedMetadata& known = cached[static_cast<std::size_t>(change.operation)];
  const bool same_sql = form.metadata != config::MetadataLevel::full || known.sql == change.transaction.sql;
  if (known.table != &change.table || known.ordinal != ordinal || !same_sql) {
    render_metadata(change, form, known.text);
    known.table = &change.table;
    known.ordinal = ordinal;
    if (!same_sql) known.sql = change.transaction.sql;
  }
  return known.text;
}

char* JsonSink::State::write_head(char* out, const MetadataText& text, std::uint64_t seq) const noexcept {
  char digits[integer_text_max_bytes];
  const std::string_view number{digits, static_cast<std::size_t>(write_uint(digits, seq) - digits)};
  out = copy(opening.write(out, number), text.before_seq.view());
  if (form.metadata == config::MetadataLevel::lean) return copy(out, closing);
  out = copy(out, number);
  out = copy(out, text.after_seq.view());
  return copy(copy(out, {read_at, sizeof read_at}), closing);
}

std::span<const Value> JsonSink::State::key_values(const Change& change) {
  const bool from_after = change.operation == Operation::create || change.operation == Operation::snapshot || change.before.empty();
  const std::span<const Value> first = from_after ? change.after : change.before;
  if (!change.partial || change.table.key.empty()) return first;
  merged_key.assign(first.begin(), first.end());
  for (const std::size_t index : change.table.key)
    merged_key[index] = present_value(first, from_after ? change.before : change.after, index);
  return merged_key;
}

void JsonSink::State::write_small(OutputBuffer& out, const Row& row) const {
  char* at = out.reserve(row.size_max);
  at = write_head(at, *row.metadata, row.seq);
  at = write_json_object(at, row.table->key(), row.key);
  at = write_json_object(copy(at, before_key), row.table->fields(), row.before);
  at = write_json_object(copy(at, after_key), row.table->fields(), row.after);
  out.commit(copy(at, record_end));
}

void JsonSink::State::write_large(Output& out, const Row& row) const {
  OutputBuffer& buffer = out.buffer();
  buffer.commit(write_head(buffer.reserve(head_size_max(*row.metadata)), *row.metadata, row.seq));
  write_json_object(out, row.table->key(), row.key);
  buffer.append(before_key);
  write_json_object(out, row.table->fields(), row.before);
  buffer.append(after_key);
  write_json_object(out, row.table->fields(), row.after);
  buffer.append(record_end);
}

JsonSink::JsonSink(Output& output, const RecordForm& form, Clock clock) : output_{output}, state_{std::make_unique<State>(form, clock)} {}
JsonSink::~JsonSink() = default;

void JsonSink::on_change(const Change& change) {
  State& state = *state_;
  state.begin(change);
  Row row{&state.table(change.table), &state.metadata(change), change.position.n, {}, change.before, change.after, 0};
  row.key = state.key_values(change);
  if (row.table->has_json()) {
    row.key = state.key_documents.as_text(change.table, row.key);
    row.before = state.before_documents.as_text(change.table, row.before);
    row.after = state.after_documents.as_text(change.table, row.after);
  }
  row.size_max =
      state.head_size_max(*row.metadata) + row.table->fixed_bytes() + fixed_text_bytes + 2 * (growth(row.before) + growth(row.after));
  if (row.size_max <= large_row_bytes) {
    state.write_small(output_.buffer(), row);
  } else {
    state.write_large(output_, row);
  }
  output_.line_done();
}

}  // namespace cdc::cli
