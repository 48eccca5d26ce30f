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

SnapshotEmitter::SnapshotEmitter(const config::Settings& settings, SnapshotStart position, ChangeSink& sink) noexcept
    : position_{position}, sink_{sink}, masker_{settings} {}

void SnapshotEmitter::begin(snapshot::RangeBoard& board) {
  board_ = &board;
  held_.table = nullptr;
  ends_.clear();
  transaction_.id = position_.snap->id;
  if (position_.binlog == nullptr) return;
  transaction_.file = position_.binlog->file;
  transaction_.at = position_.binlog->at;
}

void SnapshotEmitter::apply(Held& held) {
  if (held.ends_range)
    board_->finish(*held.range);
  else if (held.last_key)
    board_->advance(*held.range, *std::move(held.last_key));
}

void SnapshotEmitter::decode(const SnapshotTable& table, mysql::PackedRow row) {
  scratch_.reset();
  row_.resize(table.plan.fields.size());
  const auto frame = [&] { return fmt::format("`{}`.`{}`", table.schema.schema, table.schema.table); };
  marked_ = with_frame(frame, [&] { return decoder_.decode(table.plan, row, row_); });
}

void SnapshotEmitter::emit(const SnapshotTable& table, mysql::PackedRow row) {
  decode(table, row);
  if (!table.masks.empty()) masker_.apply(table.masks, row_, scratch_);
  ++rows_;
  sink_.on_change({Operation::snapshot, KeyChange::none, marked_, false, table.schema, {}, row_, transaction_, position_.position()});
}

void SnapshotEmitter::send_held() {
  emit(*held_.table, held_.row);
  held_.table = nullptr;
}

/// Keeps the last row, and the key that says where it is.
void SnapshotEmitter::hold(const SnapshotDelivery& delivery) {
  constexpr std::size_t kept_bytes = std::size_t{1} << 20;
  const SnapshotTable& table = *delivery.table;
  const mysql::PackedRow row = delivery.rows.back();
  decode(table, row);
  held_.last_key.reset();
  if (table.key) {
    key_.clear();
    for (const std::size_t slot : table.key_slots) key_.push_back(row_[slot]);
    held_.last_key = table.key->pack(key_);
  }
  if (held_.row.capacity() > kept_bytes) std::vector<std::byte>{}.swap(held_.row);
  held_.row.assign(row.begin(), row.end());
  held_.table = &table;
  held_.range = delivery.range;
  held_.ends_range = delivery.ends_range;
}

void SnapshotEmitter::next_position() {
  transaction_.ordinal = ++last_ordinal;
  position_.snap = board_->progress();
}

void SnapshotEmitter::deliver(const SnapshotDelivery& delivery) {
  if (delivery.rows.empty()) {
    if (delivery.ends_range) ends_.push_back({delivery.table, delivery.range, true, {}, {}});
    return;
  }
  if (held_.table != nullptr) {
    ++position_.n;
    send_held();
    apply(held_);
  }
  for (Held& end : ends_) apply(end);
  ends_.clear();
  next_position();
  for (const mysql::PackedRow row : delivery.rows.first(delivery.rows.size() - 1)) {
    ++position_.n;
    emit(*delivery.table, row);
  }
  hold(delivery);
}

void SnapshotEmitter::finish() {
  transaction_.ordinal = ++last_ordinal;
  position_.snap.reset();
  position_.n = 0;
  if (held_.table != nullptr) send_held();
}

}  // namespace cdc::capture
