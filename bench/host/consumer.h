#pragma once

/// A host's side of the Run call, as fast as it gets: takes batches as bytes, counts the records in them and acknowledges them.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cdc::bench {

enum class Acknowledge : std::uint8_t {
  none,
  batch,  ///< All positions of a batch in one message.
  each,   ///< A message for every record, as Conduit's default engine does.
};

struct Wanted {
  std::string socket;  ///< Where the plugin listens; it has been configured and opened.
  int process = 0;     ///< The plugin's id, for its CPU seconds.
  std::uint64_t records = 0;
  Acknowledge acknowledge = Acknowledge::batch;
  std::chrono::seconds limit{300};  ///< Of the whole call.
};

/// CPU seconds are the plugin's since its start, user and system. Times are of the monotonic clock.
struct Seen {
  std::uint64_t records = 0, bytes = 0, messages = 0;  ///< Bytes of these records.
  double begun_s = 0, first_s = 0, last_s = 0;         ///< The call, the first record, the last one.
  double first_cpu_s = 0, last_cpu_s = 0;              ///< When those came.
  double end_cpu_s = 0;                                ///< When the plugin had read all acknowledgements and ended the call.
  std::vector<std::int64_t> arrivals_ns;               ///< Of each record.
  std::string failure;                                 ///< Empty when all went well.
};

/// Makes the call, and ends it once the records have come and were acknowledged.
Seen consume(const Wanted& wanted);

}  // namespace cdc::bench
