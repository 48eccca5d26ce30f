#pragma once

/// Logging in with a password that a person may be asked for.

#include <functional>
#include <stop_token>

#include "arguments.h"
#include "cdc/capture/endpoint.h"

namespace cdc::cli {

/// Runs `body`; asks for the password first where that is wished (`--ask-password`), or when the server refuses none and somebody sits at
/// the terminal. Throws what `body` throws.
int with_login(mysql::Endpoint& endpoint, bool ask_first, const std::stop_token& interrupted, const std::function<int()>& body);

}  // namespace cdc::cli
