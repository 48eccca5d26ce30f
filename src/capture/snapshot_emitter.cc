#include "snapshot_emitter.h"

#include <fmt/format.h>

#include <atomic>
#include <utility>

#include "cdc/base/error.h"

namespace cdc::capture {
namespace {

/// Of all snapshots of the process.
std::atomic<std::uint64_t> last_ordinal{std::uint64_t{1} << 62};

}  // namespace

SnapshotEmitter::SnapshotEmitter(const config::Settings& settings, BinlogPosition& position, ChangeSink& sink) noexcept
    : position_{position}, sink_{sink}, masker_{settings} {}

void SnapshotEmitter::begin(snapshot::RangeBoard& board) {
  board_ = &board;
  held_.rows.clear();
  ends_.clear();
  transaction_.id = position_.snap->id;
  transaction_.file = position_.file;
  transaction_.at = position_.at;
}

void SnapshotEmitter::apply(SnapshotDelivery& delivery) {
  if (delivery.ends_range)
    board_->finish(*delivery.range);
  else if (delivery.last_key)
    board_->advance(*delivery.range, *std::move(delivery.last_key));
}

void SnapshotEmitter::decode_next(SnapshotDelivery& from) {
  const SnapshotTable& table = *from.table;
  scratch_.reset();
  row_.resize(table.plan.fields.size());
  const auto frame = [&] { return fmt::format("`{}`.`{}`", table.schema.schema, table.schema.table); };
  marked_ = with_frame(frame, [&] { return decoder_.decode(table.plan, from.rows.next(), row_); });
}

void SnapshotEmitter::emit_next(SnapshotDelivery& from) {
  decode_next(from);
  const SnapshotTable& table = *from.table;
  if (!table.masks.empty()) masker_.apply(table.masks, row_, scratch_);
  ++rows_;
  sink_.on_change({Operation::snapshot, KeyChange::none, marked_, false, table.schema, {}, row_, transaction_, position_});
}

/// Its last row.
void SnapshotEmitter::emit_held() {
  held_.rows.rewind();
  for (std::size_t i = 1; i < held_.rows.size(); ++i) held_.rows.next();
  emit_next(held_);
  held_.rows.clear();
}

void SnapshotEmitter::next_position() {
  transaction_.ordinal = ++last_ordinal;
  position_.snap = board_->progress();
}

void SnapshotEmitter::deliver(SnapshotDelivery& delivery) {
  if (delivery.rows.empty()) {
    if (delivery.ends_range)
      ends_.push_back({.rows = {}, .table = delivery.table, .range = delivery.range, .ends_range = true, .last_key = {}});
    return;
  }
  if (!held_.rows.empty()) {
    ++position_.n;
    emit_held();
    apply(held_);
  }
  for (SnapshotDelivery& end : ends_) apply(end);
  ends_.clear();
  next_position();
  for (std::size_t i = 1; i < delivery.rows.size(); ++i) {
    ++position_.n;
    emit_next(delivery);
  }
  decode_next(delivery);
  delivery.last_key.reset();
  if (delivery.table->key) {
    key_.clear();
    for (const std::size_t slot : delivery.table->key_slots) key_.push_back(row_[slot]);
    delivery.last_key = delivery.table->key->pack(key_);
  }
  std::swap(held_, delivery);
  delivery.rows.clear();
}

void SnapshotEmitter::finish() {
  transaction_.ordinal = ++last_ordinal;
  position_.snap.reset();
  position_.n = 0;
  if (!held_.rows.empty()) emit_held();
}

}  // namespace cdc::capture
