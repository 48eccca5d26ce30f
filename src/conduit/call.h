#pragma once

/// What all calls of the server have in common: a life that ends when gRPC has no more part in them.

#include <grpcpp/generic/async_generic_service.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "event_queue.h"
#include "methods.h"

namespace cdc::conduit {

/// Makes an operation of a member function.
template <class Owner, void (Owner::*handle)(bool)>
class MemberOperation final : public Operation {
 public:
  explicit MemberOperation(Owner& owner) noexcept : owner_{owner} {}
  void on_done(bool ok) override { (owner_.*handle)(ok); }

 private:
  Owner& owner_;
};

class Call;

/// A call that has come, or will.
class Arrival {
 public:
  Arrival() { context.AsyncNotifyWhenDone(&over_); }

  /// Whom to tell that the call is over, which it may be already.
  void attach(Call& call);

  grpc::GenericServerContext context;
  grpc::GenericServerAsyncReaderWriter stream{&context};

 private:
  void over_done(bool);

  std::mutex mutex_;
  Call* call_ = nullptr;
  bool is_over_ = false;
  MemberOperation<Arrival, &Arrival::over_done> over_{*this};
};

/// Made with `new`; deletes itself when its end has been sent and all that was begun is over.
class Call {
 public:
  Call(Plugin& plugin, EventQueue& events, std::unique_ptr<Arrival> arrival) noexcept
      : plugin_{plugin}, events_{events}, arrival_{std::move(arrival)} {
    plugin_.presence.call_begins();
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// For `Arrival`: the call is over, for whatever reason; told once.
  void over() {
    if (arrival_->context.IsCancelled()) on_cancelled();
    end_one();
  }

 protected:
  virtual ~Call() = default;
  virtual void on_read(bool ok) = 0;
  virtual void on_cancelled() = 0;

  void begin_one() noexcept { pending_.fetch_add(1, std::memory_order_relaxed); }
  void end_one() {
    if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }
  void read() {
    begin_one();
    arrival_->stream.Read(&received_, &read_);
  }
  /// Once.
  void finish(const grpc::Status& status) { arrival_->stream.Finish(status, &finished_); }
  void respond(const grpc::ByteBuffer& response) { arrival_->stream.WriteAndFinish(response, {}, grpc::Status::OK, &finished_); }

  Plugin& plugin_;
  EventQueue& events_;
  std::unique_ptr<Arrival> arrival_;
  grpc::ByteBuffer received_;

 private:
  void read_done(bool ok) {
    on_read(ok);
    end_one();
  }
  void finish_done(bool) { end_one(); }

  std::atomic<unsigned> pending_ = 2;  ///< `over` and the end of `finish`, and what was begun.
  MemberOperation<Call, &Call::read_done> read_{*this};
  MemberOperation<Call, &Call::finish_done> finished_{*this};
};

grpc::Status failure(const std::string& text);

}  // namespace cdc::conduit
