#pragma once

/// The connector's options, all that an endpoint decides, in one place: both links get the same.

#include <mysql.h>

#include "cdc/mysql/endpoint.h"
#include "key_file.h"

namespace cdc::mysql {

/// Throws Error when a file named by the endpoint cannot be read, or its TLS mode lacks what it needs.
void check_files(const Endpoint& endpoint);

/// `key` must live until the login is over.
void apply_options(MYSQL* handle, const Endpoint& endpoint, const KeyFile& key);

/// Takes back all that was said about TLS, before anything is sent: the server offers none and
/// `preferred` accepts that. Without this the connector takes the connection for a secure one and
/// sends the password of caching_sha2_password accounts in clear (seen with 3.3.20).
void withdraw_tls(MYSQL* handle, const KeyFile& key);

}  // namespace cdc::mysql
