#pragma once

/// Who a run is: to the server, which knows replicas by number, and to the runs of the same connector before and after it.

#include <cstdint>
#include <string>

#include "cdc/capture/binlog_source.h"
#include "cdc/capture/start_memory.h"

namespace cdc::capture {

struct ReplicaIdentity {
  std::uint32_t server_id = 0;
  std::string uuid;  ///< The same in every run of a connector: MySQL ends the dump of the last run, of which it may not have seen the end.
};
/// Of a dry run another one each time.
ReplicaIdentity replica_identity(const CaptureOptions& options);

/// Of a dry run one that remembers nothing.
StartMemory start_memory(const CaptureOptions& options);

}  // namespace cdc::capture
