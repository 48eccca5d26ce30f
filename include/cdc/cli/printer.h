#pragma once

/// A sink that prints, and is told how the run ended.

#include "cdc/model/change.h"

namespace cdc::cli {

class Printer : public ChangeSink {
 public:
  /// Writes what is still held back. `complete`: nothing was cut off in the middle of a transaction.
  virtual void finish(bool complete) = 0;
};

}  // namespace cdc::cli
