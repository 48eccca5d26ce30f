#include "run_call.h"

#include <exception>
#include <string>
#include <utility>

#include "acknowledgements.h"
#include "cdc/base/error.h"
#include "status_text.h"

namespace cdc::conduit {
namespace {

std::string text_of_error(const std::exception& error) {
  const auto* const ours = dynamic_cast<const Error*>(&error);
  return ours != nullptr ? status_text(*ours) : status_text(error);
}

}  // namespace

RunCall::RunCall(Plugin& plugin, EventQueue& events, std::unique_ptr<Arrival> arrival) : Call{plugin, events, std::move(arrival)} {
  begin_one();
  arrival_->stream.SendInitialMetadata(&started_);
  try {
    const std::lock_guard lock{beginning_};
    outbox_ = plugin_.session.run(*this);
  } catch (const std::exception& error) {
    Call::finish(failure(text_of_error(error)));
    return;
  }
  read();
}

RunCall::~RunCall() { plugin_.presence.call_ends(true); }

void RunCall::on_read(bool ok) {
  if (!ok) return leave();
  if (const auto count = count_received()) outbox_->on_acknowledged(*count);
  read();
}

void RunCall::write_done(bool ok) {
  sending_.Clear();  // its share of the bytes
  outbox_->on_written(ok);
  end_one();
}

void RunCall::start_write(std::span<const std::byte> bytes, void (*release)(void*), void* argument) {
  { const std::lock_guard begun{beginning_}; }
  const grpc::Slice slice{const_cast<std::byte*>(bytes.data()), bytes.size(), release, argument};  // only read there
  sending_ = grpc::ByteBuffer{&slice, 1};
  begin_one();
  events_.finish_here([&] { arrival_->stream.Write(sending_, &written_); });
}

void RunCall::finish(const std::string& error) { Call::finish(error.empty() ? grpc::Status::OK : failure(error)); }

/// The caller is gone. A Run that was refused has no part in the session: another one may be going on.
void RunCall::leave() {
  { const std::lock_guard begun{beginning_}; }
  if (outbox_ != nullptr) plugin_.session.abandon();
}

std::optional<std::uint64_t> RunCall::count_received() {
  if (!received_.Dump(&pieces_).ok()) return std::nullopt;
  AcknowledgementCount count;
  for (const grpc::Slice& piece : pieces_) count.take(std::as_bytes(std::span{piece.begin(), piece.size()}));
  pieces_.clear();
  return count.positions();
}

}  // namespace cdc::conduit
