#pragma once

/// One batch on its way to the host, and what is known of what became of those before.
///
/// With the encoder's own batch there are two, which change places: while one is sent, the other fills. When both are
/// full the capture thread waits here, and so does the server behind its socket: that is the back-pressure.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include "cdc/opencdc/record_encoder.h"
#include "record_stream.h"

namespace cdc::conduit {

/// Thread-safe; `send` on one thread at a time. Shared, as bytes may be in use after the call has ended.
class Outbox : public std::enable_shared_from_this<Outbox> {
 public:
  /// `stream` is borrowed until its `finish`.
  explicit Outbox(RecordStream& stream) : stream_{stream} {}

  /// Sends what the encoder holds, after waiting until the batch before has left. False when it was not sent because
  /// of a stop, a seal or the call's end; then nothing that comes later may be sent either.
  bool send(opencdc::RecordEncoder& encoder, const std::stop_token& stop);

  /// From here on nothing is sent. The position of the last record that was; empty when none.
  std::string seal();
  /// The call has ended, or is to be ended by us.
  void close();

  /// Waits until the host has acknowledged everything sent. False when it did not in time, or the call ended.
  bool wait_acknowledged(std::chrono::milliseconds limit);
  /// Waits for `close`.
  void wait_closed();

  /// Told the position of a batch's last record when the host has acknowledged all of it, for the batches sent from now on.
  using Listener = std::function<void(std::string_view position)>;
  /// Called by threads of the call, one at a time; after the next `listen`, or one with nothing, no more. Must not use the outbox.
  void listen(Listener listener);

  // From the call's side. A write is done when the next may begin; its bytes may be in use for longer.
  void on_written(bool ok);
  void on_acknowledged(std::uint64_t records);

  std::uint64_t sent() const;
  std::uint64_t acknowledged() const;

 private:
  struct Lease;
  struct Sent {
    std::uint64_t records = 0;  ///< Up to and including this batch.
    std::string position;
  };
  static constexpr std::size_t told_apart_max = 4'096;  ///< Batches; what is behind is told together.

  void give_back();
  void note_sent();
  void tell_acknowledged();

  RecordStream& stream_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  opencdc::RecordBatch batch_;
  std::string last_position_;
  std::uint64_t sent_ = 0, acknowledged_ = 0;
  Listener listener_;
  std::deque<Sent> unacknowledged_;  ///< With a listener.
  bool writing_ = false;             ///< The write was not reported as done.
  bool lent_ = false;                ///< The batch's bytes are in use.
  bool sealed_ = false, closed_ = false;
};

}  // namespace cdc::conduit
