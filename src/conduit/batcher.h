#pragma once

/// When records leave: at a number of records or bytes, when the source runs dry, or after a delay.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "cdc/config/settings.h"
#include "cdc/model/change.h"
#include "cdc/opencdc/record_encoder.h"
#include "outbox.h"
#include "pacer.h"

namespace cdc::conduit {

struct BatchLimits {
  std::size_t records = 1000;
  std::size_t bytes = std::size_t{1} << 20;
  std::chrono::milliseconds delay{0};  ///< Of the first record; 0 = leave when the source runs dry, and see pacer.h.
};

/// sdk.batch.size and sdk.batch.delay: size 0 means one by one, or, with a delay, as many as it brings.
BatchLimits batch_limits(const config::Settings& settings) noexcept;

/// Between a source and the outbox. Changes come from one thread.
class Batcher final : public ChangeSink {
 public:
  /// All but `limits` borrowed. After a request on `stop`, or once the outbox refuses, changes are dropped: they were not
  /// sent, and nothing behind them will be.
  Batcher(opencdc::RecordEncoder& encoder, Outbox& outbox, BatchLimits limits, std::stop_token stop);
  ~Batcher() override;

  void on_change(const Change& change) override;
  void on_idle() override;
  /// Sends what is there, after the source has failed: the records before the error are good.
  void finish();

 private:
  void send();
  void send_in_time(const std::stop_token& over);

  opencdc::RecordEncoder& encoder_;
  Outbox& outbox_;
  const BatchLimits limits_;
  const std::stop_token stop_;
  bool ended_ = false;
  Pacer pacer_;
  // With a delay only: a thread watches over the first record's age.
  std::mutex mutex_;
  std::condition_variable_any begun_;
  std::chrono::steady_clock::time_point due_;
  std::jthread timer_;
};

}  // namespace cdc::conduit
