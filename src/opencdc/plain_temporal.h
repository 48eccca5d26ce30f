#pragma once

/// Dates and times in the forms of the setting `temporal` that are not the server's own text.

#include "cdc/opencdc/plain_value.h"

namespace cdc::opencdc {

/// temporal_iso: `2024-02-29`, `2024-02-29T12:00:00.5` for a DATETIME, which has no zone, `…Z` for a TIMESTAMP, TIME as the
/// server prints it. temporal_epoch: days since 1970-01-01 for a DATE, else microseconds since then (a DATETIME read as UTC),
/// signed for a TIME.
void set_temporal(PlainValue& out, const Value& value, const Column& column, Conversion conversion, config::ZeroDates zero_dates);

}  // namespace cdc::opencdc
