#include "outbox.h"

#include <utility>

namespace cdc::conduit {

/// Keeps the outbox alive while somebody reads its batch.
struct Outbox::Lease {
  std::shared_ptr<Outbox> outbox;

  static void end(void* lease) {
    const std::unique_ptr<Lease> owned{static_cast<Lease*>(lease)};
    owned->outbox->give_back();
  }
};

bool Outbox::send(opencdc::RecordEncoder& encoder, const std::stop_token& stop) {
  if (encoder.batch().empty()) return true;
  std::unique_lock lock{mutex_};
  changed_.wait(lock, stop, [this] { return closed_ || sealed_ || (!writing_ && !lent_); });
  if (closed_ || sealed_ || writing_ || lent_) return false;
  encoder.take(batch_);
  auto lease = std::make_unique<Lease>(Lease{shared_from_this()});
  last_position_ = batch_.last_position();
  sent_ += batch_.record_count();
  note_sent();
  writing_ = lent_ = true;
  lock.unlock();  // the lease may end within the call
  stream_.start_write(std::as_bytes(std::span{batch_.bytes()}), Lease::end, lease.release());
  return true;
}

std::string Outbox::seal() {
  const std::lock_guard lock{mutex_};
  sealed_ = true;
  changed_.notify_all();
  return last_position_;
}

void Outbox::close() {
  const std::lock_guard lock{mutex_};
  closed_ = true;
  changed_.notify_all();
}

bool Outbox::wait_acknowledged(std::chrono::milliseconds limit) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, limit, [this] { return closed_ || acknowledged_ >= sent_; });
  return acknowledged_ >= sent_;
}

void Outbox::wait_closed() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return closed_; });
}

void Outbox::on_written(bool ok) {
  const std::lock_guard lock{mutex_};
  writing_ = false;
  if (!ok) closed_ = true;
  changed_.notify_all();
}

void Outbox::listen(Listener listener) {
  const std::lock_guard lock{mutex_};
  listener_ = std::move(listener);
  unacknowledged_.clear();
}

void Outbox::note_sent() {
  if (listener_ == nullptr) return;
  if (unacknowledged_.size() < told_apart_max)
    unacknowledged_.push_back({sent_, last_position_});
  else
    unacknowledged_.back() = {sent_, last_position_};
}

void Outbox::tell_acknowledged() {
  std::string position;
  for (; !unacknowledged_.empty() && unacknowledged_.front().records <= acknowledged_; unacknowledged_.pop_front())
    position = std::move(unacknowledged_.front().position);
  if (!position.empty() && listener_ != nullptr) listener_(position);
}

void Outbox::on_acknowledged(std::uint64_t records) {
  const std::lock_guard lock{mutex_};
  acknowledged_ += records;
  tell_acknowledged();
  if (acknowledged_ >= sent_) changed_.notify_all();
}

void Outbox::give_back() {
  const std::lock_guard lock{mutex_};
  lent_ = false;
  changed_.notify_all();
}

std::uint64_t Outbox::sent() const {
  const std::lock_guard lock{mutex_};
  return sent_;
}

std::uint64_t Outbox::acknowledged() const {
  const std::lock_guard lock{mutex_};
  return acknowledged_;
}

}  // namespace cdc::conduit
