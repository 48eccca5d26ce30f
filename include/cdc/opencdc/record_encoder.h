#pragma once

/// Changes to the bytes of OpenCDC records: protobuf on the wire with Avro inside, written once, straight into a batch that is
/// sent as one message.
///
/// Format: a batch is a `connector.v2.Source.Run.Response` (field 1, repeated `opencdc.v1.Record`); proto/ has both. The
/// bodies of key, before and after are schemaless Avro in `raw_data`, their schemas named by subject and version in the
/// metadata; without schemas they are `structured_data`.
///
/// Rows that the table's one schema cannot say (columns absent from a partial image, text that is not valid in its charset, an
/// ordinal without label) travel with a schema of their own, made for their shape, in the subject with `.variant` behind it: an
/// absent column is no field of it. When before and after lack different columns, before goes as `structured_data`.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "cdc/base/output_buffer.h"
#include "cdc/config/settings.h"
#include "cdc/config/value_forms.h"
#include "cdc/model/change.h"
#include "cdc/opencdc/schema_registry.h"

namespace cdc::opencdc {

/// What of the settings shapes a record.
struct RecordForm {
  config::MetadataLevel metadata = config::MetadataLevel::standard;
  config::CollectionForm collection = config::CollectionForm::schema_table;
  config::ValueForms values = {};
  bool payload_schema = true;  ///< sdk.schema.extract.payload.enabled; false: payloads are structured data.
  bool key_schema = true;      ///< sdk.schema.extract.key.enabled
  /// Subjects are `<context>:<collection>.<payload_subject>`; without the first part when `context` is empty.
  std::string context;
  std::string payload_subject = "payload";
  std::string key_subject = "key";
};

/// Nanoseconds since 1970 now.
using Clock = std::uint64_t (*)() noexcept;
std::uint64_t system_clock_ns() noexcept;

/// Records ready to be sent: one serialised Source.Run.Response. Movable; reused by handing it back to RecordEncoder::take.
class RecordBatch {
 public:
  std::string_view bytes() const noexcept { return bytes_.view(); }
  std::size_t size_bytes() const noexcept { return bytes_.size(); }
  std::size_t record_count() const noexcept { return record_count_; }
  bool empty() const noexcept { return record_count_ == 0; }
  /// Position of the last record, byte for byte as in it; empty when there is none. Valid while the batch is unchanged.
  std::string_view last_position() const noexcept { return bytes_.view().substr(position_at_, position_size_); }
  /// Keeps the memory unless it is larger than `keep_bytes`.
  void clear(std::size_t keep_bytes = default_keep_bytes);

  static constexpr std::size_t default_keep_bytes = std::size_t{4} << 20;

 private:
  friend class RecordEncoder;
  /// Takes the record written behind the content, up to `end`. Its position is at `position_at` of its own bytes.
  void add(char* end, std::size_t position_at, std::size_t position_size) noexcept;

  OutputBuffer bytes_;
  std::size_t record_count_ = 0, position_at_ = 0, position_size_ = 0;
};

/// Fills batches. Thread-bound: `append` and `take` are not to be called at the same time.
class RecordEncoder {
 public:
  /// `registry` is borrowed and outlives the encoder; not used when both schemas are off. The clock is read once a transaction
  /// and every 64 records.
  RecordEncoder(RecordForm form, SchemaRegistry& registry, Clock clock = system_clock_ns);
  ~RecordEncoder();
  RecordEncoder(const RecordEncoder&) = delete;
  RecordEncoder& operator=(const RecordEncoder&) = delete;

  /// Appends one record. On an Error the batch is as before: value_malformed (a JSON document does not decode; a decimal of
  /// impossible shape), value_unrepresentable (the value has no form under the settings: bigintUnsigned=long beyond 2^63-1, a
  /// zero date with temporal.zeroDates=fail), or whatever the registry threw.
  void append(const Change& change);

  const RecordBatch& batch() const noexcept { return batch_; }
  /// What was appended since the last take goes into `out`; what `out` held is dropped, its memory becomes the next batch's.
  void take(RecordBatch& out);

 private:
  struct State;
  void append_record(const Change& change);

  RecordBatch batch_;
  std::unique_ptr<State> state_;
};

}  // namespace cdc::opencdc
