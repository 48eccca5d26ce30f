#include "batcher.h"

#include <limits>
#include <utility>

namespace cdc::conduit {

BatchLimits batch_limits(const config::Settings& settings) noexcept {
  BatchLimits out;
  out.delay = settings.batch_delay;
  out.records = settings.batch_size;
  if (out.records == 0) out.records = out.delay.count() == 0 ? 1 : std::numeric_limits<std::size_t>::max();
  return out;
}

Batcher::Batcher(opencdc::RecordEncoder& encoder, Outbox& outbox, BatchLimits limits, std::stop_token stop)
    : encoder_{encoder}, outbox_{outbox}, limits_{limits}, stop_{std::move(stop)} {
  if (limits_.delay.count() != 0) timer_ = std::jthread{[this](const std::stop_token& over) { send_in_time(over); }};
}

Batcher::~Batcher() = default;

void Batcher::on_change(const Change& change) {
  std::unique_lock lock{mutex_, std::defer_lock};
  if (timer_.joinable()) lock.lock();
  if (ended_) return;
  encoder_.append(change);
  const opencdc::RecordBatch& batch = encoder_.batch();
  if (batch.record_count() >= limits_.records || batch.size_bytes() >= limits_.bytes) return send();
  if (timer_.joinable() && batch.record_count() == 1) {
    due_ = std::chrono::steady_clock::now() + limits_.delay;
    begun_.notify_one();
  }
}

void Batcher::on_idle() {
  if (timer_.joinable() || ended_) return;
  const std::size_t records = encoder_.batch().record_count();
  send();
  if (limits_.records <= 1) return;  // each as soon as can be
  const auto rest = pacer_.rest(Pacer::Clock::now(), records);
  if (rest.count() != 0) std::this_thread::sleep_for(rest);
}

void Batcher::finish() {
  const std::lock_guard lock{mutex_};
  if (!ended_) send();
}

void Batcher::send() { ended_ = ended_ || stop_.stop_requested() || !outbox_.send(encoder_, stop_); }

void Batcher::send_in_time(const std::stop_token& over) {
  std::unique_lock lock{mutex_};
  const auto waiting = [this] { return !ended_ && !encoder_.batch().empty(); };
  while (begun_.wait(lock, over, waiting)) {
    const auto due = due_;
    begun_.wait_until(lock, over, due, [] { return false; });
    if (over.stop_requested()) return;
    if (waiting() && due_ == due) send();
  }
}

}  // namespace cdc::conduit
