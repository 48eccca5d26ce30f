#pragma once

/// Partial JSON updates: from what a row says of its documents to the documents themselves.

#include <span>

#include "cdc/base/arena.h"
#include "cdc/binlog/row_decoder.h"
#include "cdc/model/value.h"
#include "table_registry.h"

namespace cdc::capture {

/// Where `partial` says that a value of `after` is a list of changes, applies it to the document in `before`. Where that image lacks
/// the column, the list stays and is marked, and is absent when the column is masked. New bytes live in `scratch`.
/// Throws Error(partial_row, value_malformed) naming the column.
void apply_json_changes(const CapturedTable& table, const binlog::PartialJson& partial, std::span<const Value> before,
                        std::span<Value> after, Arena& scratch, binlog::ImageTraits& traits);

}  // namespace cdc::capture
