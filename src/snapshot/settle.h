#pragma once

/// Opens views again and again until all are exact at one point.

#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "methods.h"

namespace cdc::snapshot {

struct Settled {
  std::optional<StreamPoint> point;  ///< nullopt: a limit was reached.
  std::uint32_t attempts = 0;
  std::chrono::milliseconds took{0};
};

/// `open_all` opens every view anew, ending the ones before. Throws what it throws, and Error(connection_lost) on a stop.
Settled settle(const std::function<std::vector<Opening>()>& open_all, const SettleLimits& limits, const std::stop_token& stop);

}  // namespace cdc::snapshot
