#pragma once

/// Changes for people, one line each:
///
///     12:04:31.123   UPDATE  shop.orders  id=7  status: new → paid
///     12:04:32.001 ╭ INSERT  shop.orders  id=8  status=new  total=19.90
///                  ╰ UPDATE  shop.stock   sku=A-17  qty: 5 → 4
///
/// Changes of one transaction are bracketed. Times are when the server committed, in the local zone.

#include <cstddef>
#include <cstdint>
#include <memory>

#include "cdc/cli/output.h"
#include "cdc/cli/printer.h"
#include "cdc/model/change.h"

namespace cdc::cli {

struct TextForm {
  bool color = false;
  /// Columns of the terminal now; 0 = lines may be of any length. Asked once a transaction.
  std::size_t (*width_columns)() = nullptr;
};

class TextSink final : public Printer {
 public:
  /// `output` is borrowed. `today_us`: Unix microseconds now; a rule with the date precedes changes of another day.
  TextSink(Output& output, const TextForm& form, std::int64_t today_us);
  ~TextSink() override;
  /// The line is held back until it is known whether its transaction goes on.
  void on_change(const Change& change) override;
  void on_idle() override;
  void finish(bool) override { on_idle(); }

 private:
  struct State;
  Output& output_;
  std::unique_ptr<State> state_;
};

}  // namespace cdc::cli
