#pragma once

/// The life of the source as the host drives it: configured, opened, run, stopped, torn down, in this order or in any other.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "cdc/config/settings.h"
#include "outbox.h"
#include "pipeline.h"
#include "record_stream.h"

namespace cdc::conduit {

struct SessionLimits {
  std::chrono::milliseconds run_to_come{10'000};    ///< How long Stop waits for a Run that is on its way.
  std::chrono::milliseconds acknowledged{3'000};    ///< How long an error waits for acknowledgements before it ends Run.
  std::chrono::milliseconds capture_to_end{5'000};  ///< How long Teardown waits for the capture to end.
};

/// One source. Calls come from any thread, also at the same time. Throws Error for what the host shall show.
class Session {
 public:
  explicit Session(PipelineFactory factory, SessionLimits limits = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Throws Error(call_order), or what is wrong with the settings.
  void configure(const config::Entries& entries);
  /// `position`: of the last record stored, empty for none. Contacts nothing. Throws Error(call_order, position_invalid).
  void open(std::string_view position);
  /// Starts sending on `stream`, which is finished by us, once, at the end. Throws Error(call_order); then not.
  std::shared_ptr<Outbox> run(RecordStream& stream);
  /// Ends sending. The position of the last record sent on this run; empty when none was. Never fails; acknowledgements
  /// are still taken. Waits for a Run on its way, unless `cancelled`.
  std::string stop(const std::stop_token& cancelled);
  /// The connector with these settings was deleted at the host. Never fails, as nothing could be done about it.
  void forget(const config::Entries& entries) noexcept;
  /// The host has left the Run call, or the process is about to end: the capture is told to end, nobody waits.
  void abandon();
  /// From any state, any number of times. Waits for the capture's end within limits.
  void teardown();

 private:
  enum class State : std::uint8_t { initial, configured, opened, running, torn_down };
  void require(State wanted) const;
  void work(RecordStream& stream, const std::shared_ptr<Outbox>& outbox, const std::stop_token& stop);
  std::string capture(Outbox& outbox, const std::stop_token& stop);

  const PipelineFactory factory_;
  const SessionLimits limits_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  State state_ = State::initial;
  bool worker_ended_ = true;
  std::unique_ptr<Pipeline> pipeline_;
  Position start_;
  std::shared_ptr<Outbox> outbox_;
  std::stop_source stopping_;
  std::thread worker_;
};

}  // namespace cdc::conduit
