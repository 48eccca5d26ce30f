#include "change_emitter.h"

#include <fmt/format.h>

#include <iterator>

#include "cdc/base/error.h"
#include "json_changes.h"

namespace cdc::capture {
namespace {

[[noreturn]] void throw_empty_row() {
  throw Error{ErrorCode::value_malformed, Remedy::fix, "a row image without columns", "check the log with the server's own mysqlbinlog"};
}

/// The name of the column that did not decode; none of one that records do not show.
std::string column_frame(const CapturedTable& table, std::size_t failed) {
  if (failed >= table.layout.codecs.size() || table.layout.codecs[failed].slot < 0) return {};
  return fmt::format(", `{}`", table.schema.columns[static_cast<std::size_t>(table.layout.codecs[failed].slot)].name);
}

}  // namespace

ChangeEmitter::ChangeEmitter(const config::Settings& settings, std::string rules, CaptureStats& stats, std::uint64_t extra_schema_id)
    : stats_{stats}, masker_{settings}, extras_{settings, extra_schema_id} {
  position_.rules = std::move(rules);
}

void ChangeEmitter::set_server(std::string fingerprint, std::string origin) {
  position_.server = std::move(fingerprint);
  origin_ = std::move(origin);
}

void ChangeEmitter::open(const TransactionStart& start, const std::string& file, GtidTracker& gtids) {
  start_ = start;
  file_ = &file;
  gtids_ = &gtids;
  rendered_ = false;
  position_.n = extra_count_ = 0;
  transaction_.thread_id = start.thread_id;
  if (!transaction_.sql.empty()) transaction_.sql.clear();
}

void ChangeEmitter::close() {
  ++stats_.transactions;
  if (extras_.wants_transactions() && position_.n != 0) deliver_extra({.kind = ExtraKind::end, .count = position_.n - extra_count_});
  if (skip_ > position_.n)
    throw Error{ErrorCode::other_server, Remedy::operate,
                fmt::format("the position says {} records of the transaction at {}:{} were delivered, but it has only {}", skip_, *file_,
                            start_.at, position_.n),
                "the position belongs to another history (a rebuilt server?): start anew with --from"};
  skip_ = 0;
  position_.n = 0;
}

void ChangeEmitter::set_thread(std::uint32_t thread_id) noexcept { transaction_.thread_id = thread_id; }

void ChangeEmitter::set_statement(std::string_view sql) { transaction_.sql = sql; }

/// Once a transaction that has records: the constant part of their positions and metadata.
void ChangeEmitter::render() {
  rendered_ = true;
  ++transaction_.ordinal;
  transaction_.committed_at_us = start_.committed_at_us;
  transaction_.file = *file_;
  transaction_.at = start_.at;
  transaction_.server_id = start_.server_id;
  transaction_.id.clear();
  gtids_->append_pending(transaction_.id);
  if (transaction_.id.empty()) fmt::format_to(std::back_inserter(transaction_.id), "{}:{}:{}", origin_, *file_, start_.at);
  position_.gtid.clear();
  gtids_->append_text(position_.gtid);
  position_.file = *file_;
  position_.at = start_.at;
  if (oldest_xa_ != nullptr && position_.xa != *oldest_xa_) position_.xa = *oldest_xa_;
}

/// The transaction turned out to have records.
void ChangeEmitter::begin_records() {
  render();
  if (extras_.wants_transactions()) deliver_extra({.kind = ExtraKind::begin});
}

/// One more record; false when it was delivered before.
bool ChangeEmitter::count_up() noexcept {
  if (++position_.n <= skip_) return false;
  ++stats_.changes;
  return true;
}

void ChangeEmitter::on_extra(const ExtraRecord& record) {
  if (!rendered_) begin_records();
  deliver_extra(record);
}

void ChangeEmitter::deliver_extra(const ExtraRecord& record) {
  ++extra_count_;
  if (!count_up()) return;
  sink_->on_change({Operation::create,
                    KeyChange::none,
                    false,
                    false,
                    extras_.schema(),
                    {},
                    extras_.values(record, transaction_),
                    transaction_,
                    position_});
}

void ChangeEmitter::decode(const binlog::PresentColumns& present, const CapturedTable& table, Reader& rows, std::vector<Value>& image,
                           binlog::ImageTraits& traits) {
  if (image.size() < table.layout.slot_count) image.resize(table.layout.slot_count);
  const std::span<Value> slots{image.data(), table.layout.slot_count};
  const binlog::ImageTraits seen = decoder_.decode(table.layout, present, rows, slots);
  traits.partial |= seen.partial;
  traits.marked |= seen.marked;
}

/// The after image of a partial JSON update.
void ChangeEmitter::decode_partial(const binlog::PresentColumns& present, const CapturedTable& table, Reader& rows,
                                   binlog::ImageTraits& traits) {
  const auto partial = binlog::PartialJson::read(rows, table.layout.json_columns.size());
  decode(present, table, rows, after_, traits);
  apply_json_changes(table, partial, before_, after_, scratch_, traits);
}

/// Behind the changes to JSON documents, which need them as they are.
void ChangeEmitter::mask(const CapturedTable& table, binlog::RowsKind kind) {
  const std::size_t count = table.layout.slot_count;
  if (kind != binlog::RowsKind::write) masker_.apply(table.masks, {before_.data(), count}, scratch_);
  if (kind != binlog::RowsKind::delete_) masker_.apply(table.masks, {after_.data(), count}, scratch_);
}

/// A key of columns that the server does not take for the row's own may be missing from its images. Of an update the image before
/// counts: where the column is in the one after alone, it changed, and from what is not known.
void ChangeEmitter::require_key(const TableSchema& schema, binlog::RowsKind kind) const {
  const std::vector<Value>& image = kind == binlog::RowsKind::write ? after_ : before_;
  for (const std::size_t slot : schema.key) {
    if (image[slot].kind != ValueKind::absent) continue;
    throw Error{ErrorCode::partial_row, Remedy::operate,
                fmt::format("the row was logged without the key column `{}` (binlog_row_image)", schema.columns[slot].name),
                fmt::format("SET GLOBAL binlog_row_image=FULL and reconnect the applications; or another key.columns.{}.{}", schema.schema,
                            schema.table)};
  }
}

bool ChangeEmitter::key_differs(const TableSchema& schema) const noexcept {
  for (const std::size_t slot : schema.key) {
    const Value& old_value = before_[slot];
    const Value& new_value = after_[slot];
    const bool known = old_value.kind != ValueKind::absent && new_value.kind != ValueKind::absent;  // absent after = unchanged
    if (known && !same_value(old_value, new_value)) return true;
  }
  return false;
}

void ChangeEmitter::emit(Operation operation, KeyChange key_change, const CapturedTable& table, bool with_before, bool with_after,
                         const binlog::ImageTraits& traits) {
  if (!rendered_) begin_records();
  if (!count_up()) return;
  const std::size_t count = table.layout.slot_count;
  const auto image = [count](const std::vector<Value>& values, bool wanted) {
    return wanted ? std::span<const Value>{values.data(), count} : std::span<const Value>{};
  };
  sink_->on_change({operation, key_change, traits.marked, traits.partial, table.schema, image(before_, with_before),
                    image(after_, with_after), transaction_, position_});
}

/// A delete and a create, of which neither sees the other's image. What the after image lacks has not changed.
void ChangeEmitter::emit_key_change(const CapturedTable& table, const binlog::ImageTraits& traits) {
  binlog::ImageTraits old_traits = traits, new_traits = traits;
  old_traits.partial = new_traits.partial = false;
  for (std::size_t i = 0; i < table.layout.slot_count; ++i) {
    if (after_[i].kind == ValueKind::absent) after_[i] = before_[i];
    old_traits.partial |= before_[i].kind == ValueKind::absent;
    new_traits.partial |= after_[i].kind == ValueKind::absent;
  }
  emit(Operation::delete_, KeyChange::old_key, table, true, false, old_traits);
  emit(Operation::create, KeyChange::new_key, table, false, true, new_traits);
}

void ChangeEmitter::on_rows(const binlog::RowsView& view, const CapturedTable& table) {
  const auto columns = static_cast<std::size_t>(view.column_count);
  const auto present_before = binlog::PresentColumns::of(view.present_before, view.kind == binlog::RowsKind::write ? 0 : columns);
  const auto present_after = binlog::PresentColumns::of(view.present_after, view.kind == binlog::RowsKind::delete_ ? 0 : columns);
  Reader rows = view.rows;
  std::uint64_t row = 0;
  const auto frame = [&] {
    return fmt::format("`{}`.`{}` row {} of the event{}", table.schema.schema, table.schema.table, row + 1,
                       column_frame(table, decoder_.failed_column()));
  };
  with_frame(frame, [&] {
    for (; rows.remaining() != 0; ++row) {
      scratch_.reset();
      const std::size_t left = rows.remaining();
      binlog::ImageTraits traits;
      if (view.kind != binlog::RowsKind::write) decode(present_before, table, rows, before_, traits);
      if (view.partial_json) {
        decode_partial(present_after, table, rows, traits);
      } else if (view.kind != binlog::RowsKind::delete_) {
        decode(present_after, table, rows, after_, traits);
      }
      if (rows.remaining() == left) throw_empty_row();
      if (!table.masks.empty()) mask(table, view.kind);
      if (traits.partial) require_key(table.schema, view.kind);
      switch (view.kind) {
        case binlog::RowsKind::write: emit(Operation::create, KeyChange::none, table, false, true, traits); break;
        case binlog::RowsKind::delete_: emit(Operation::delete_, KeyChange::none, table, true, false, traits); break;
        case binlog::RowsKind::update:
          if (!key_differs(table.schema)) {
            emit(Operation::update, KeyChange::none, table, true, true, traits);
            break;
          }
          emit_key_change(table, traits);
          break;
      }
    }
  });
}

}  // namespace cdc::capture
