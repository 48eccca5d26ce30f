#pragma once

/// Changes as OpenCDC records, one JSON line each, byte for byte as Conduit's file destination writes
/// them: fields and metadata sorted by their escaped names, `<`, `>` and `&` escaped. In a dry run no
/// schema is registered, so the four metadata entries that name schemas are absent; a decimal is its text also where the
/// setting makes it Avro's logical type.

#include <cstdint>
#include <memory>

#include "cdc/cli/output.h"
#include "cdc/cli/printer.h"
#include "cdc/config/settings.h"
#include "cdc/model/change.h"

namespace cdc::cli {

/// What of the settings shapes a record.
struct RecordForm {
  config::MetadataLevel metadata = config::MetadataLevel::standard;
  config::CollectionForm collection = config::CollectionForm::schema_table;
  config::ValueForms values = {};
};

/// Nanoseconds since 1970 now.
using Clock = std::uint64_t (*)() noexcept;
std::uint64_t system_clock_ns() noexcept;

class JsonSink final : public Printer {
 public:
  /// `output` is borrowed. The clock is read every 64 records and after each wait for more.
  JsonSink(Output& output, const RecordForm& form, Clock clock = system_clock_ns);
  ~JsonSink() override;
  /// Throws Error, before anything of the line is written: value_malformed when a JSON document does not decode,
  /// value_unrepresentable when the forms asked for cannot say a value.
  void on_change(const Change& change) override;
  void on_idle() override;
  void finish(bool) override { output_.flush(); }

 private:
  struct State;
  Output& output_;
  std::unique_ptr<State> state_;
};

}  // namespace cdc::cli
