#include "cdc/opencdc/record_encoder.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/base/utf8.h"
#include "cdc/model/json_documents.h"
#include "cdc/model/key_values.h"
#include "record_metadata.h"
#include "record_writer.h"

namespace cdc::opencdc {
namespace {

constexpr unsigned records_per_clock_read = 64;

std::string subject_of(const TableSchema& table, const RecordForm& form, const std::string& part) {
  std::string out = form.context.empty() ? std::string{} : form.context + ':';
  if (form.collection == config::CollectionForm::schema_table) out += table.schema + '.';
  out += table.table + '.' + part;
  return is_valid_utf8(out) ? out : replace_invalid_utf8(out);
}

std::vector<std::size_t> all_columns(const TableSchema& table) {
  std::vector<std::size_t> out(table.columns.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = i;
  return out;
}

/// One table's encoders. Its own address is kept in what it makes.
struct TableEncoder {
  TableEncoder(const TableSchema& table, const RecordForm& form, SchemaRegistry& registry)
      : key{table, table.key.empty() ? all_columns(table) : table.key, true, subject_of(table, form, form.key_subject), form, registry},
        payload{table, all_columns(table), false, subject_of(table, form, form.payload_subject), form, registry},
        has_json{has_json_column(table)} {}

  ImageForms declared_forms();
  ImageForms fitting_forms(const Images& images);

  PartEncoder key, payload;
  bool has_json;
  OutputBuffer metadata;  ///< Of records in the declared forms; empty until one was there.
  HeadWidths widths;
};

ImageForms TableEncoder::declared_forms() {
  const ImageForm both = payload.declared();
  return {key.declared(), both, both};
}

ImageForms TableEncoder::fitting_forms(const Images& images) {
  const ImageForm of_key = key.fitting(images.key);
  if (images.after.empty()) return {of_key, payload.fitting(images.before), payload.structured()};
  if (images.before.empty()) return {of_key, payload.structured(), payload.fitting(images.after)};
  if (!payload.same_columns(images.before, images.after)) return {of_key, payload.structured(), payload.fitting(images.after)};
  const ImageForm both = payload.fitting(images.after, images.before);
  return {of_key, both, both};
}

}  // namespace

std::uint64_t system_clock_ns() noexcept {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

void RecordBatch::clear(std::size_t keep_bytes) {
  bytes_.clear();
  bytes_.shrink(keep_bytes);
  record_count_ = position_at_ = position_size_ = 0;
}

void RecordBatch::add(char* end, std::size_t position_at, std::size_t position_size) noexcept {
  std::size_t at = bytes_.size() + 1;  // behind the tag, in the record's length
  bytes_.commit(end);
  while ((static_cast<unsigned char>(bytes_.view()[at]) & 0x80) != 0) ++at;
  position_at_ = at + 1 + position_at;
  position_size_ = position_size;
  ++record_count_;
}

struct RecordEncoder::State {
  State(RecordForm record_form, SchemaRegistry& schema_registry, Clock now)
      : form{std::move(record_form)}, registry{schema_registry}, clock{now}, head{form.metadata != config::MetadataLevel::lean} {}

  bool continues(const Change& change) noexcept;
  void prepare(const Change& change);
  void prepare_table(const Change& change);
  void prepare_transaction(const Change& change);
  void prepare_fitting(const Change& change, const Images& images);
  void render(OutputBuffer& out, MetadataPart part, const Change& change) {
    render_metadata(out, part, change, {form.metadata, form.collection}, forms.names());
  }
  TableEncoder& table_of(const TableSchema& schema);
  Images images_of(const Change& change);

  RecordForm form;
  SchemaRegistry& registry;
  Clock clock;
  RecordHead head;
  std::vector<std::unique_ptr<TableEncoder>> tables;  ///< By TableSchema::id.

  // What `head` was made for.
  bool plain = false;  ///< Nothing but the number was special to the last record.
  bool started = false;
  std::uint64_t ordinal = 0;
  const TableSchema* schema = nullptr;
  Operation operation{};
  std::string sql;                                     ///< Only when metadata is full.
  OutputBuffer of_transaction, of_record, of_variant;  ///< Metadata.
  unsigned until_clock = 0;
  TableEncoder* table = nullptr;
  ImageForms forms;

  std::vector<Value> merged_key;
  JsonDocuments key_documents, before_documents, after_documents;
};

/// Whether only the number differs from the last record's head. Counts down to the next look at the clock.
bool RecordEncoder::State::continues(const Change& change) noexcept {
  return plain && ordinal == change.transaction.ordinal && schema == &change.table && operation == change.operation && --until_clock != 0 &&
         !change.marked && !change.partial && change.key_change == KeyChange::none &&
         (form.metadata != config::MetadataLevel::full || sql == change.transaction.sql);
}

void RecordEncoder::State::prepare_table(const Change& change) {
  schema = nullptr;  // until all of this has succeeded
  table = &table_of(change.table);
  forms = table->declared_forms();
  if (table->metadata.empty()) render(table->metadata, MetadataPart::table, change);
  schema = &change.table;
}

void RecordEncoder::State::prepare_transaction(const Change& change) {
  head.set_position(change.position);
  render(of_transaction, MetadataPart::transaction, change);
  until_clock = 0;
  ordinal = change.transaction.ordinal;
  started = true;
}

void RecordEncoder::State::prepare(const Change& change) {
  const bool full = form.metadata == config::MetadataLevel::full;
  plain = false;
  if (schema != &change.table) prepare_table(change);
  if (!started || ordinal != change.transaction.ordinal) prepare_transaction(change);
  if (until_clock != 0) --until_clock;
  if (until_clock == 0) head.set_read_at(clock()), until_clock = records_per_clock_read;
  if (full) sql = change.transaction.sql;
  const bool is_plain = !change.marked && !change.partial && change.key_change == KeyChange::none;
  of_record.clear();
  if (!is_plain || full) render(of_record, MetadataPart::record, change);
  head.set_rest({change.operation, table->metadata.view(), of_transaction.view(), of_record.view()});
  operation = change.operation;
  plain = is_plain;
}

/// For a record of which some value does not fit its declaration. The next one is prepared anew.
void RecordEncoder::State::prepare_fitting(const Change& change, const Images& images) {
  plain = false;
  schema = nullptr;
  forms = table->fitting_forms(images);
  render(of_variant, MetadataPart::table, change);
  head.set_rest({change.operation, of_variant.view(), of_transaction.view(), of_record.view()});
}

TableEncoder& RecordEncoder::State::table_of(const TableSchema& wanted) {
  if (wanted.id >= tables.size()) tables.resize(wanted.id + 1);
  auto& known = tables[wanted.id];
  if (known == nullptr) known = std::make_unique<TableEncoder>(wanted, form, registry);
  return *known;
}

Images RecordEncoder::State::images_of(const Change& change) {
  const Images stored{key_values(change, merged_key), change.before, change.after};
  if (!table->has_json) return stored;
  const Images out{{}, before_documents.as_text(change.table, stored.before), after_documents.as_text(change.table, stored.after)};
  const auto is = [&](std::span<const Value> image) { return stored.key.data() == image.data(); };
  const std::span<const Value> key = is(stored.after)    ? out.after
                                     : is(stored.before) ? out.before
                                                         : key_documents.as_text(change.table, stored.key);
  return {key, out.before, out.after};
}

RecordEncoder::RecordEncoder(RecordForm form, SchemaRegistry& registry, Clock clock)
    : state_{std::make_unique<State>(std::move(form), registry, clock)} {}
RecordEncoder::~RecordEncoder() = default;

void RecordEncoder::append(const Change& change) {
  with_frame([&] { return fmt::format("`{}`.`{}`", change.table.schema, change.table.table); }, [&] { append_record(change); });
}

void RecordEncoder::append_record(const Change& change) {
  State& state = *state_;
  if (!state.continues(change)) state.prepare(change);
  const Images images = state.images_of(change);
  if (change.partial) state.prepare_fitting(change, images);
  for (bool fitting = change.partial;; fitting = true) {
    const RecordSize size{state.head, change.table, images, state.forms};
    char* const begin = batch_.bytes_.reserve(size.record);
    char* const end = write_record(begin, state.head, change.position.n, images, state.forms, size, state.table->widths);
    if (end != nullptr) return batch_.add(end, state.head.position_at(), state.head.position_size());
    if (fitting) {
      throw Error{ErrorCode::value_malformed, Remedy::fix, "a value has no form", "leave the table out: tables=…,!schema.table"};
    }
    state.prepare_fitting(change, images);
  }
}

void RecordEncoder::take(RecordBatch& out) {
  std::swap(out, batch_);
  batch_.clear();
}

}  // namespace cdc::opencdc
