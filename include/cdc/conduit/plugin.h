#pragma once

/// The program as Conduit runs it: a standalone source connector, a child process that serves gRPC on a unix socket.

#include <stop_token>

namespace cdc::conduit {

/// Whether a host started this process: it puts a well-known word into the environment. A person does not.
bool started_by_host() noexcept;

/// Serves until the host ends it, the host is gone, or, some seconds after a request on `terminated`, by itself.
/// Writes one line to stdout, log lines to stderr. Returns the exit status; threads of libraries may still run, so
/// the caller ends the process without running destructors (std::_Exit).
int run_plugin(std::stop_token terminated);

}  // namespace cdc::conduit
