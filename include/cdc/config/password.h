#pragma once

/// Secrets that live outside the settings: the password's file or command, the key of hashed columns.

#include <functional>
#include <stop_token>
#include <string>

#include "cdc/config/settings.h"

namespace cdc::config {

/// Reads url.passwordFile or runs url.passwordCommand at each call; empty when neither is set.
///
/// File: a regular one of at most 4 KiB; one line end at its end is cut; a warning, once, when others
/// may read it. Command: words split as a shell would, without a shell; 10 s; 4 KiB; without our
/// CONDUIT_* variables; killed with its children on time-out or stop. The answer throws Error:
/// file_unreadable, or access_denied for the command; what was read or printed is in no message.
std::function<std::string()> password_provider(const Settings& settings, std::stop_token stop = {});

/// The key of hashed columns, from columns.maskKeyFile: same rules as the password's file, at least
/// 16 bytes. Throws Error(file_unreadable).
std::string read_mask_key(const Settings& settings);

}  // namespace cdc::config
