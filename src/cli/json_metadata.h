#pragma once

/// The metadata object of a record.

#include <string_view>

#include "cdc/base/output_buffer.h"
#include "cdc/cli/json_sink.h"
#include "cdc/model/change.h"

namespace cdc::cli {

/// What stands between position and key: `before_seq`, the record's number, `after_seq`, the clock, the
/// closing; without number and clock when lean.
struct MetadataText {
  OutputBuffer before_seq;  ///< From the quote that ends the position.
  OutputBuffer after_seq;   ///< Up to the clock's digits; empty when lean.
};

/// Renders both pieces anew.
void render_metadata(const Change& change, const RecordForm& form, MetadataText& out);
/// For the next transaction, of what `out` was rendered for: same table and operation, nothing marked, partial or of a key change,
/// and metadata not full. What stands before the number is the same.
void render_metadata_after_seq(const Change& change, const RecordForm& form, MetadataText& out);
/// From the clock's digits up to the key.
std::string_view metadata_closing(const RecordForm& form) noexcept;

}  // namespace cdc::cli
