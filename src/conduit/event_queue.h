#pragma once

/// One thread that takes the ends of all operations of the server, and writes that need no thread at all.
///
/// gRPC's callback interface has two threads of its own that pass every event on to each other; measured, that is most of what a
/// record costs when they come one by one. Here there is one thread, and a write that ends at once, as nearly all do, is finished where
/// it began.

#include <grpcpp/completion_queue.h>

#include <memory>
#include <thread>

namespace cdc::conduit {

/// An operation that was begun.
class Operation {
 public:
  /// On the thread of the queue, or on one that runs `finish_here`.
  virtual void on_done(bool ok) = 0;

 protected:
  ~Operation() = default;
};

class EventQueue {
 public:
  explicit EventQueue(std::unique_ptr<grpc::ServerCompletionQueue> queue) : queue_{std::move(queue)} {}
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  /// Begins to take events, for as long as the process lives.
  void start();
  grpc::ServerCompletionQueue& queue() noexcept { return *queue_; }

  /// Runs `begin`, which begins an operation; when that ends at once, its `on_done` is called here.
  template <class Begin>
  void finish_here(Begin&& begin) {
    keep_next();
    begin();
    finish_kept();
  }
  /// From within an `on_done` on the queue's thread: what came is not urgent, nor is more of it.
  void relax() noexcept;

 private:
  void keep_next() noexcept;
  void finish_kept();
  void take_all();

  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
};

}  // namespace cdc::conduit
