#pragma once

/// What every session pins so that results do not depend on the server's settings.

#include <string>

#include "cdc/mysql/connection.h"

namespace cdc::mysql {

/// One `SET SESSION …` statement for this server.
std::string session_statement(const ServerVersion& version);

}  // namespace cdc::mysql
