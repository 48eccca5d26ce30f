#include "signals.h"

#include <unistd.h>

#include <csignal>
#include <ctime>

namespace cdc::app {
namespace {

constexpr int wake_signal = SIGUSR1;  // sent to the waiting thread only, by ourselves
constexpr timespec grace{1, 0};
constexpr int exit_interrupted = 130;

sigset_t signals_taken() noexcept {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, wake_signal}) sigaddset(&set, signal);
  return set;
}

void wait_for_signals(const std::stop_token& over, std::stop_source interrupted) {
  const sigset_t set = signals_taken();
  int signal = 0;
  while (!over.stop_requested() && sigwait(&set, &signal) == 0 && signal == wake_signal) {
  }
  if (over.stop_requested()) return;
  interrupted.request_stop();
  signal = sigtimedwait(&set, nullptr, &grace);
  if (!over.stop_requested() && signal != wake_signal) ::_exit(exit_interrupted);
}

}  // namespace

Signals::Signals() {
  std::signal(SIGPIPE, SIG_IGN);
  const sigset_t set = signals_taken();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  waiter_ = std::jthread{[interrupted = interrupted_](const std::stop_token& over) { wait_for_signals(over, interrupted); }};
}

Signals::~Signals() {
  waiter_.request_stop();
  pthread_kill(waiter_.native_handle(), wake_signal);
}

}  // namespace cdc::app
