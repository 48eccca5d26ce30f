#pragma once

/// What a configured connector does between Run and Stop; the session drives it without knowing servers.

#include <functional>
#include <memory>
#include <stop_token>

#include "cdc/config/settings.h"
#include "cdc/model/position.h"
#include "outbox.h"

namespace cdc::conduit {

class Pipeline {
 public:
  virtual ~Pipeline() = default;
  /// Sends every change after `start` until a stop or an Error. Retries by itself what may pass.
  virtual void run(const Position& start, Outbox& outbox, std::stop_token stop) = 0;
  /// The connector is gone for good: removes what it keeps outside the host.
  virtual void forget() {}
};

/// Checks the settings, all of them, without contacting anything. Throws Error.
using PipelineFactory = std::function<std::unique_ptr<Pipeline>(const config::Entries& entries)>;

}  // namespace cdc::conduit
