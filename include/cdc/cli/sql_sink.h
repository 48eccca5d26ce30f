#pragma once

/// Changes as statements that can be run again, on the server or on a copy of it.
///
/// Values are written so that they mean the same under every sql_mode and connection charset; the
/// session settings that matter (time zone, zero dates) stand at the top. A row without key is found
/// by all its values that compare exactly, LIMIT 1.

#include <memory>

#include "cdc/cli/output.h"
#include "cdc/cli/printer.h"
#include "cdc/model/change.h"

namespace cdc::cli {

class SqlSink final : public Printer {
 public:
  /// `output` is borrowed. Writes the top at once.
  explicit SqlSink(Output& output);
  ~SqlSink() override;
  /// Throws Error(schema_missing) when the log has no column names.
  void on_change(const Change& change) override;
  void on_idle() override;
  /// An incomplete transaction is rolled back.
  void finish(bool complete) override;

 private:
  struct State;
  void close(bool complete);

  Output& output_;
  std::unique_ptr<State> state_;
};

}  // namespace cdc::cli
