#include "signals.h"

#include <unistd.h>

#include <csignal>
#include <ctime>

namespace cdc::app {
namespace {

constexpr int wake_signal = SIGUSR1;   // sent to the waiting thread only, by ourselves
constexpr int nudge_signal = SIGUSR2;  // sent to the main thread only, by ourselves: a call that blocks there ends with EINTR
constexpr timespec between_nudges{0, 20'000'000};
constexpr int nudges_max = 50;  // a second in all
constexpr int exit_interrupted = 130;

sigset_t signals_taken(Signals::Role role) noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGHUP, wake_signal}) sigaddset(&set, signal);
  if (role == Signals::Role::command) sigaddset(&set, SIGINT);
  return set;
}

/// Once could be a moment too early for a write that is about to block. A second signal ends the waiting.
void nudge_until_over(const std::stop_token& over, pthread_t main_thread) {
  const sigset_t set = signals_taken(Signals::Role::command);
  for (int nudges = 0; nudges < nudges_max && !over.stop_requested(); ++nudges) {
    const int signal = sigtimedwait(&set, nullptr, &between_nudges);
    if (signal > 0 && signal != wake_signal) return;
    if (!over.stop_requested()) pthread_kill(main_thread, nudge_signal);
  }
}

/// False when it is over.
bool wait_for_signal(const std::stop_token& over, Signals::Role role) {
  const sigset_t set = signals_taken(role);
  int signal = 0;
  while (!over.stop_requested() && sigwait(&set, &signal) == 0 && signal == wake_signal) {
  }
  return !over.stop_requested();
}

void wait_for_signals(const std::stop_token& over, std::stop_source interrupted, pthread_t main_thread, Signals::Role role) {
  if (!wait_for_signal(over, role)) return;
  interrupted.request_stop();
  if (role == Signals::Role::command) {
    nudge_until_over(over, main_thread);
  } else {
    wait_for_signal(over, role);
  }
  if (!over.stop_requested()) ::_exit(exit_interrupted);
}

}  // namespace

Signals::Signals(Role role) {
  std::signal(SIGPIPE, SIG_IGN);
  if (role == Role::plugin) std::signal(SIGINT, SIG_IGN);
  struct sigaction nudge {};
  nudge.sa_handler = [](int) {};  // without SA_RESTART
  sigaction(nudge_signal, &nudge, nullptr);
  const sigset_t set = signals_taken(role);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  waiter_ = std::jthread{[interrupted = interrupted_, main_thread = pthread_self(), role](const std::stop_token& over) {
    wait_for_signals(over, interrupted, main_thread, role);
  }};
}

Signals::~Signals() {
  waiter_.request_stop();
  pthread_kill(waiter_.native_handle(), wake_signal);
}

}  // namespace cdc::app
