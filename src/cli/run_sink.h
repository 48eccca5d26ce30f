#pragma once

/// Stands between a source and a printer: counts, ends at a limit, notices the first wait.

#include <cstdint>
#include <functional>
#include <stop_token>
#include <utility>

#include "cdc/cli/printer.h"

namespace cdc::cli {

class RunSink final : public ChangeSink {
 public:
  /// `limit` 0 = none. At the limit a stop is requested on `ending`; after a stop request of any kind
  /// nothing is printed. `on_first_wait` is called once, when the source first waits for more.
  RunSink(Printer& printer, std::uint64_t limit, std::stop_source ending, std::function<void()> on_first_wait)
      : printer_{printer}, limit_{limit}, ending_{std::move(ending)}, on_first_wait_{std::move(on_first_wait)} {}

  void on_change(const Change& change) override;
  void on_idle() override;

  std::uint64_t changes() const noexcept { return changes_; }
  std::uint64_t transactions() const noexcept { return transactions_; }

 private:
  Printer& printer_;
  std::uint64_t limit_, changes_ = 0, transactions_ = 0, ordinal_ = 0;
  std::stop_source ending_;
  std::function<void()> on_first_wait_;
};

}  // namespace cdc::cli
