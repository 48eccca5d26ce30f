#pragma once

/// What the host tells in the environment when it starts the process.

#include <functional>
#include <string>

#include "cdc/base/log.h"

namespace cdc::conduit {

/// Every member but the folder may be empty: what is missing is complained about when it is needed.
struct Launch {
  std::string socket_parent;  ///< Folder in which the socket's own folder is made.
  std::string schema_target;  ///< Address of the host's schema service.
  std::string token;          ///< Secret, for that service.
  std::string connector_id;
  LogLevel log_level = LogLevel::info;
  bool may_run_commands = false;  ///< url.passwordCommand is allowed by whoever started the host.
};

/// getenv, or a test's.
using Environment = std::function<const char*(const char* name)>;

bool has_magic_cookie(const Environment& environment);
/// Throws Error(plugin_launch) when the host speaks no version of the protocol that we do.
Launch read_launch(const Environment& environment);

}  // namespace cdc::conduit
