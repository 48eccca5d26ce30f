#pragma once

/// The stream of records. It lives until the session has finished it, whatever the host does.

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "call.h"
#include "outbox.h"
#include "record_stream.h"

namespace cdc::conduit {

class RunCall final : public Call, public RecordStream {
 public:
  RunCall(Plugin& plugin, EventQueue& events, std::unique_ptr<Arrival> arrival);

  void start_write(std::span<const std::byte> bytes, void (*release)(void*), void* argument) override;
  void finish(const std::string& error) override;

 private:
  ~RunCall() override;
  void on_read(bool ok) override;
  void on_cancelled() override { leave(); }
  void started_done(bool) { end_one(); }
  void write_done(bool ok);
  void leave();
  std::optional<std::uint64_t> count_received();

  std::mutex beginning_;            ///< Held until `outbox_` is known.
  std::shared_ptr<Outbox> outbox_;  ///< Null when the session refused.
  grpc::ByteBuffer sending_;
  std::vector<grpc::Slice> pieces_;  ///< Of a message received.
  MemberOperation<RunCall, &RunCall::started_done> started_{*this};
  MemberOperation<RunCall, &RunCall::write_done> written_{*this};
};

}  // namespace cdc::conduit
