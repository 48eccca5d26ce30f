#include "run_sink.h"

namespace cdc::cli {

void RunSink::on_change(const Change& change) {
  if (limit_ != 0 && changes_ == limit_) return;
  const bool first = changes_++ == 0;
  if (change.operation != Operation::snapshot && (first || ordinal_ != change.transaction.ordinal)) ++transactions_;
  ordinal_ = change.transaction.ordinal;
  printer_.on_change(change);
  if (changes_ == limit_) ending_.request_stop();
}

void RunSink::on_idle() {
  if (ending_.stop_requested()) return;  // perhaps in the middle of a transaction: `finish` knows
  printer_.on_idle();
  if (on_first_wait_) std::exchange(on_first_wait_, nullptr)();
}

}  // namespace cdc::cli
