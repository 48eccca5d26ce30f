#pragma once

/// The real pipeline: a server's rows and its binlog, encoded and batched into the outbox.

#include <string>

#include "launch.h"
#include "pipeline.h"

namespace cdc::conduit {

/// For connectors of this launch; `launch` is copied.
PipelineFactory capture_pipelines(const Launch& launch);

}  // namespace cdc::conduit
