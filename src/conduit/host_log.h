#pragma once

/// Log lines as the host's parser wants them: one JSON object a line on stderr.

#include <string>
#include <string_view>

#include "cdc/base/log.h"

namespace cdc::conduit {

/// `{"@level":"info","@message":"…"}` and a line end. Both are strings whatever `text` holds: anything else ends the
/// host. Bytes that are no UTF-8 become `?`; a long text is cut, as the host takes lines of up to 64 KiB.
std::string log_line(LogLevel level, std::string_view text);

/// From here on the program's log goes to the host. A host that does not read loses lines, never our time.
void log_to_host(LogLevel lowest);

}  // namespace cdc::conduit
