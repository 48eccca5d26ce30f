#pragma once

/// Pauses that a stop ends.

#include <chrono>
#include <stop_token>

namespace cdc {

/// Sleeps; false when stopped meanwhile.
bool wait_for(std::chrono::milliseconds delay, std::stop_token stop);

}  // namespace cdc
