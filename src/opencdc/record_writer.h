#pragma once

/// One record as protobuf bytes: frames around a head and three images.
///
/// Format: opencdc.v1.Record as field 1 of connector.v2.Source.Run.Response; proto/.

#include <cstddef>
#include <span>
#include <vector>

#include "cdc/model/change.h"
#include "cdc/opencdc/metadata.h"
#include "frame.h"
#include "record_head.h"
#include "table_encoder.h"

namespace cdc::opencdc {

/// The values of a record; JSON documents are text. Empty: the record has no such image.
struct Images {
  std::span<const Value> key, before, after;
};

/// How each is written.
struct ImageForms {
  ImageForm key, before, after;

  SchemaNames names() const noexcept;
};

/// What a table's records were framed with.
struct HeadWidths {
  HeadWidth record, key, payload, before, after;
};

/// Upper bounds of the parts of one record.
struct RecordSize {
  /// Throws Error(payload_too_large) when no message can be so large.
  RecordSize(const RecordHead& head, const TableSchema& table, const Images& images, const ImageForms& forms);

  std::size_t key = 0, before = 0, after = 0, record = 0;
};

/// Writes the record with number `n` to `out`, which has room for `size.record`. Returns the end, or nullptr when a value does
/// not fit its form.
char* write_record(char* out, RecordHead& head, std::uint64_t n, const Images& images, const ImageForms& forms, const RecordSize& size,
                   HeadWidths& widths);

}  // namespace cdc::opencdc
