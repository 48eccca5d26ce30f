#pragma once

/// Whether a read would have to wait: data may lie in the connector, in the TLS library, or in the kernel.

#include <mysql.h>

namespace cdc::mysql {

bool has_pending_input(MYSQL* handle) noexcept;

}  // namespace cdc::mysql
