#pragma once

/// The settings' server address.

#include <stop_token>

#include "cdc/config/settings.h"
#include "cdc/mysql/endpoint.h"

namespace cdc::capture {

/// With its time limits and where its password comes from; `stop` ends a password command. Throws Error(url_invalid).
mysql::Endpoint endpoint_of(const config::Settings& settings, const std::stop_token& stop);

}  // namespace cdc::capture
