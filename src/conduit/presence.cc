#include "presence.h"

#include <unistd.h>

#include <optional>

namespace cdc::conduit {

Presence::Presence(PresenceLimits limits) : limits_{limits}, parent_{::getppid()} {}

void Presence::call_begins() {
  const std::lock_guard lock{mutex_};
  ++active_calls_;
  any_call_ = true;
}

void Presence::call_ends(bool was_run) {
  const std::lock_guard lock{mutex_};
  --active_calls_;
  run_over_ = run_over_ || was_run;
  last_seen_ = Clock::now();
}

void Presence::shut_down() {
  const std::lock_guard lock{mutex_};
  shut_down_ = true;
  changed_.notify_all();
}

bool Presence::lonely() const {
  return active_calls_ == 0 && (!any_call_ || run_over_) && Clock::now() - last_seen_ >= limits_.nobody_calls;
}

EndReason Presence::wait_for_end(std::stop_token told_to_end) {
  std::optional<Clock::time_point> patience_over;
  std::unique_lock lock{mutex_};
  for (;;) {
    if (shut_down_) return EndReason::shutdown;
    if (::getppid() != parent_) return EndReason::parent_gone;
    if (lonely()) return EndReason::nobody_called;
    if (!patience_over && told_to_end.stop_requested()) patience_over = Clock::now() + limits_.told_to_end;
    if (patience_over && Clock::now() >= *patience_over) return EndReason::told_to_end;
    changed_.wait_for(lock, limits_.look_for_parent);
  }
}

}  // namespace cdc::conduit
