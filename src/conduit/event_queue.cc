#include "event_queue.h"

#include <grpc/grpc.h>
#include <grpc/support/time.h>

#include <chrono>

namespace cdc::conduit {
namespace {

/// Acknowledgements may wait this long, unless they come in such numbers that nobody waits for them.
constexpr std::chrono::milliseconds rest{15};
constexpr unsigned events_of_a_rest_max = 32;

thread_local bool relaxed = false;

}  // namespace

void EventQueue::start() {
  std::thread{[this] { take_all(); }}.detach();
}

void EventQueue::relax() noexcept { relaxed = true; }

void EventQueue::take_all() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) {
    static_cast<Operation*>(tag)->on_done(ok);
    if (!relaxed) continue;
    relaxed = false;
    unsigned taken = 0;
    while (queue_->AsyncNext(&tag, &ok, gpr_inf_past(GPR_CLOCK_REALTIME)) == grpc::CompletionQueue::GOT_EVENT) {
      static_cast<Operation*>(tag)->on_done(ok);
      ++taken;
    }
    relaxed = false;
    if (taken < events_of_a_rest_max) std::this_thread::sleep_for(rest);
  }
}

/// The next event of this queue that this thread makes stays with it, instead of waking the queue's thread.
void EventQueue::keep_next() noexcept { grpc_completion_queue_thread_local_cache_init(queue_->cq()); }

void EventQueue::finish_kept() {
  void* core_tag = nullptr;
  int success = 0;
  if (grpc_completion_queue_thread_local_cache_flush(queue_->cq(), &core_tag, &success) == 0) return;
  void* tag = core_tag;
  bool ok = success == 1;
  if (static_cast<grpc::internal::CompletionQueueTag*>(core_tag)->FinalizeResult(&tag, &ok)) static_cast<Operation*>(tag)->on_done(ok);
}

}  // namespace cdc::conduit
