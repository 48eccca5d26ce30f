#include "session.h"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <utility>

#include "cdc/base/error.h"
#include "cdc/base/log.h"
#include "status_text.h"

namespace cdc::conduit {
namespace {

constexpr std::array<std::string_view, 5> state_names{"Initial", "Configured", "Opened", "Running", "TornDown"};

}  // namespace

Session::Session(PipelineFactory factory, SessionLimits limits) : factory_{std::move(factory)}, limits_{limits} {}

Session::~Session() {
  teardown();
  if (worker_.joinable()) worker_.join();
}

void Session::require(State wanted) const {
  if (state_ == wanted) return;
  throw Error{ErrorCode::call_order, Remedy::operate,
              fmt::format("expected connector state [\"{}\"], actual connector state is \"{}\"",
                          state_names[static_cast<std::size_t>(wanted)], state_names[static_cast<std::size_t>(state_)])};
}

void Session::configure(const config::Entries& entries) {
  const std::lock_guard lock{mutex_};
  require(State::initial);
  pipeline_ = factory_(entries);
  state_ = State::configured;
}

void Session::open(std::string_view position) {
  const std::lock_guard lock{mutex_};
  require(State::configured);
  start_ = position.empty() ? Position{} : parse_position(position);
  log(LogLevel::info, position.empty() ? "opened without a stored position" : fmt::format("opened behind the position {}", position));
  state_ = State::opened;
}

std::shared_ptr<Outbox> Session::run(RecordStream& stream) {
  const std::lock_guard lock{mutex_};
  require(State::opened);
  outbox_ = std::make_shared<Outbox>(stream);
  worker_ended_ = false;
  worker_ = std::thread{[this, &stream, outbox = outbox_, stop = stopping_.get_token()] { work(stream, outbox, stop); }};
  state_ = State::running;
  changed_.notify_all();
  return outbox_;
}

std::string Session::stop(const std::stop_token& cancelled) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, cancelled, limits_.run_to_come, [this] { return state_ != State::opened; });
  stopping_.request_stop();
  return outbox_ == nullptr ? std::string{} : outbox_->seal();
}

void Session::forget(const config::Entries& entries) noexcept {
  try {
    factory_(entries)->forget();
  } catch (const std::exception& failure) {
    log(LogLevel::warning, failure.what());
  }
}

void Session::abandon() {
  stopping_.request_stop();
  const std::lock_guard lock{mutex_};
  if (outbox_ != nullptr) outbox_->close();
}

void Session::teardown() {
  abandon();
  std::unique_lock lock{mutex_};
  state_ = State::torn_down;
  changed_.notify_all();
  if (changed_.wait_for(lock, limits_.capture_to_end, [this] { return worker_ended_; })) return;
  log(LogLevel::warning, "the capture has not ended in time; it ends with the process");
}

/// The worker's whole life. `finish` is its last deed on the stream.
void Session::work(RecordStream& stream, const std::shared_ptr<Outbox>& outbox, const std::stop_token& stop) {
  const std::string failure = capture(*outbox, stop);
  outbox->seal();
  if (failure.empty()) {
    outbox->wait_closed();  // after a stop the host goes on acknowledging until it ends the call
  } else {
    log(LogLevel::error, failure);
    outbox->wait_acknowledged(limits_.acknowledged);
  }
  stream.finish(failure);
  const std::lock_guard lock{mutex_};
  worker_ended_ = true;
  changed_.notify_all();
}

/// What is to be told to the host; empty after a stop.
std::string Session::capture(Outbox& outbox, const std::stop_token& stop) {
  try {
    pipeline_->run(start_, outbox, stop);
    return {};
  } catch (const Error& error) {
    return stop.stop_requested() ? std::string{} : status_text(error);
  } catch (const std::exception& failure) {  // memory, threads: nothing of ours
    return status_text(failure);
  }
}

}  // namespace cdc::conduit
