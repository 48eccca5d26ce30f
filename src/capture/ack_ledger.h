#pragma once

/// Which acknowledgements are old enough to be trusted.
///
/// An acknowledgement does not say that the position is stored: hosts send it before they store. A host that is killed in between comes
/// back with an older position, and what is behind that one must still be there. So an acknowledgement counts only after a grace,
/// which is longer than a host needs to store.

#include <chrono>
#include <cstdint>
#include <deque>

namespace cdc::capture {

/// Knows no clock: it is told. Not thread-safe.
class AckLedger {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit AckLedger(std::chrono::milliseconds grace) noexcept : grace_{grace} {}

  /// Everything up to `seq` was acknowledged at `now`; numbers that go back are dropped.
  void acknowledge(std::uint64_t seq, Time now) {
    if (seq <= last_seq_) return;
    last_seq_ = seq;
    const bool same_slot = !slots_.empty() && now - slots_.back().began < slot;
    if (same_slot)
      slots_.back().ended = now, slots_.back().seq = seq;
    else
      slots_.push_back({now, now, seq});
  }

  /// The highest number acknowledged `grace` before `now`; 0 when there is none.
  std::uint64_t settled(Time now) {
    while (!slots_.empty() && slots_.front().ended + grace_ <= now) {
      settled_seq_ = slots_.front().seq;
      slots_.pop_front();
    }
    return settled_seq_;
  }

 private:
  /// What comes within one is as old as the last of it.
  static constexpr std::chrono::seconds slot{1};
  struct Slot {
    Time began, ended;
    std::uint64_t seq;
  };

  const std::chrono::milliseconds grace_;
  std::deque<Slot> slots_;
  std::uint64_t last_seq_ = 0, settled_seq_ = 0;
};

}  // namespace cdc::capture
