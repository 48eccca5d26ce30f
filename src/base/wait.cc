#include "cdc/base/wait.h"

#include <condition_variable>
#include <mutex>

namespace cdc {

bool wait_for(std::chrono::milliseconds delay, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock{mutex};
  stopped.wait_for(lock, stop, delay, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace cdc
