#include "cdc/cli/json_sink.h"

#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "cdc/base/numbers.h"
#include "cdc/model/json_documents.h"
#include "cdc/model/key_values.h"
#include "cdc/model/value_text.h"
#include "json_head.h"
#include "json_metadata.h"
#include "json_record.h"

namespace cdc::cli {
namespace {

/// Rows bounded by more than this are written value by value, so that the buffer stays small.
constexpr std::size_t large_row_bytes = std::size_t{512} << 10;
constexpr unsigned records_per_clock_read = 64;
constexpr char before_images[] = ",\"payload\":{\"before\":", between_images[] = ",\"after\":", record_end[] = "}}\n";
constexpr std::size_t fixed_text_bytes = sizeof before_images + sizeof between_images + sizeof record_end + 3 * json_slack_bytes;

/// A constant text, without a call.
template <std::size_t size>
char* put(char* out, const char (&text)[size]) noexcept {
  std::memcpy(out, text, size - 1);
  return out + size - 1;
}

/// Metadata as last rendered for one operation: good for the next record of the same kind.
struct CachedMetadata {
  MetadataText text;
  const TableSchema* table = nullptr;
  std::uint64_t ordinal = 0;
};

/// One record's values.
struct Row {
  std::span<const Value> key, before, after;
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

  bool continues(const Change& change) noexcept;
  void prepare(const Change& change);
  void read_clock() noexcept;
  const JsonTable& table_of(const TableSchema& schema);
  const MetadataText& metadata_of(const Change& change);
  void write_small(OutputBuffer& out, std::uint64_t n, const Row& row, std::size_t size_max);
  void write_large(Output& out, std::uint64_t n, const Row& row);

  RecordForm form;
  Clock clock;
  RecordHead head;

  // What `head` was made for.
  bool plain = false;  ///< Nothing but the number was special to the last record.
  std::uint64_t ordinal = 0;
  const TableSchema* schema = nullptr;
  const JsonTable* table = nullptr;
  Operation operation{};
  std::string sql;           ///< Only when metadata is full.
  unsigned until_clock = 0;  ///< Records until the next look at the clock.
  char read_at[19] = {};     ///< Nanoseconds since 1970, until the year 2286.

  bool started = false;
  std::array<CachedMetadata, 4> cached;
  MetadataText uncached;
  std::vector<std::unique_ptr<JsonTable>> tables;
  std::vector<Value> merged_key;
  JsonDocuments key_documents, before_documents, after_documents;
};

/// Whether only the number differs from the last record's head.
bool JsonSink::State::continues(const Change& change) noexcept {
  return plain && ordinal == change.transaction.ordinal && schema == &change.table && operation == change.operation && until_clock > 1 &&
         !change.marked && !change.partial && change.key_change == KeyChange::none &&
         (form.metadata != config::MetadataLevel::full || sql == change.transaction.sql);
}

void JsonSink::State::prepare(const Change& change) {
  const bool new_transaction = !started || ordinal != change.transaction.ordinal;
  if (new_transaction) head.set_position(change.position);
  if (until_clock <= 1) read_clock();
  if (schema != &change.table) table = &table_of(change.table);
  started = true;
  plain = !change.marked && !change.partial && change.key_change == KeyChange::none;
  const MetadataText& metadata = metadata_of(change);
  ordinal = change.transaction.ordinal;
  schema = &change.table;
  operation = change.operation;
  const bool lean = form.metadata == config::MetadataLevel::lean;
  HeadParts& rest = head.rest();
  rest.before_seq = metadata.before_seq.view();
  rest.has_seq = !lean;
  rest.after_seq = metadata.after_seq.view();
  rest.read_at = {read_at, lean ? 0 : sizeof read_at};
  rest.closing = metadata_closing(form);
}

void JsonSink::State::read_clock() noexcept {
  constexpr std::uint64_t billion = 1'000'000'000;
  const std::uint64_t now_ns = clock();
  read_at[0] = static_cast<char>('0' + now_ns / billion / billion % 10);
  write_padded(read_at + 1, static_cast<std::uint32_t>(now_ns / billion % billion), 9);
  write_padded(read_at + 10, static_cast<std::uint32_t>(now_ns % billion), 9);
  until_clock = records_per_clock_read;
}

const JsonTable& JsonSink::State::table_of(const TableSchema& wanted) {
  if (wanted.id >= tables.size()) tables.resize(wanted.id + 1);
  auto& known = tables[wanted.id];
  if (known == nullptr) known = std::make_unique<JsonTable>(wanted, form.values);
  return *known;
}

const MetadataText& JsonSink::State::metadata_of(const Change& change) {
  if (!plain) {
    render_metadata(change, form, uncached);
    return uncached;
  }
  CachedMetadata& known = cached[static_cast<std::size_t>(change.operation)];
  const bool same_sql = form.metadata != config::MetadataLevel::full || sql == change.transaction.sql;
  if (!same_sql) {
    sql = change.transaction.sql;
    for (CachedMetadata& each : cached) each.table = nullptr;
  }
  if (known.table == &change.table && known.ordinal == change.transaction.ordinal) return known.text;
  if (known.table == &change.table && form.metadata != config::MetadataLevel::full) {
    render_metadata_after_seq(change, form, known.text);
  } else {
    render_metadata(change, form, known.text);
  }
  known.table = &change.table;
  known.ordinal = change.transaction.ordinal;
  return known.text;
}

void JsonSink::State::write_small(OutputBuffer& out, std::uint64_t n, const Row& row, std::size_t size_max) {
  char* at = head.write(out.reserve(size_max), n);
  at = write_json_object(at, table->key(), row.key);
  at = write_json_object(put(at, before_images), table->fields(), row.before);
  at = write_json_object(put(at, between_images), table->fields(), row.after);
  out.commit(put(at, record_end));
}

void JsonSink::State::write_large(Output& out, std::uint64_t n, const Row& row) {
  OutputBuffer& buffer = out.buffer();
  buffer.commit(head.write(buffer.reserve(head.size_max()), n));
  write_json_object(out, table->key(), row.key);
  buffer.append(before_images);
  write_json_object(out, table->fields(), row.before);
  buffer.append(between_images);
  write_json_object(out, table->fields(), row.after);
  buffer.append(record_end);
}

JsonSink::JsonSink(Output& output, const RecordForm& form, Clock clock) : output_{output}, state_{std::make_unique<State>(form, clock)} {}
JsonSink::~JsonSink() = default;

void JsonSink::on_idle() {
  state_->until_clock = 0;
  output_.flush();
}

void JsonSink::on_change(const Change& change) {
  State& state = *state_;
  if (!state.continues(change)) state.prepare(change);
  --state.until_clock;
  Row row{key_values(change, state.merged_key), change.before, change.after};
  if (state.table->has_json()) {
    row = {state.key_documents.as_text(change.table, row.key), state.before_documents.as_text(change.table, row.before),
           state.after_documents.as_text(change.table, row.after)};
  }
  for (const std::span<const Value> image : {row.before, row.after}) state.table->require_forms(image);
  const std::size_t size_max =
      state.head.size_max() + state.table->fixed_bytes() + fixed_text_bytes + 2 * (growth(row.before) + growth(row.after));
  if (size_max <= large_row_bytes) {
    state.write_small(output_.buffer(), change.position.n, row, size_max);
  } else {
    require_decimals(change.table, change.before);
    require_decimals(change.table, change.after);
    state.write_large(output_, change.position.n, row);
  }
  output_.line_done();
}

}  // namespace cdc::cli
