#pragma once

/// The calls with one request and one response, by name: bytes in, bytes out.

#include <stop_token>
#include <string>
#include <string_view>

#include "presence.h"
#include "session.h"

namespace cdc::conduit {

/// What the calls work on. All borrowed.
struct Plugin {
  Session& session;
  Presence& presence;
};

struct Method {
  std::string_view name;  ///< `/package.Service/Method`.
  /// Blocks as long as it takes; ends soon after a request on `cancelled`. Throws Error.
  std::string (*handle)(Plugin& plugin, std::string_view request, const std::stop_token& cancelled);
};

/// nullptr when there is none.
const Method* find_method(std::string_view name) noexcept;

/// The stream of records.
inline constexpr std::string_view run_method = "/connector.v2.SourcePlugin/Run";

/// What to say of a method that is not there.
std::string_view why_missing(std::string_view name) noexcept;

}  // namespace cdc::conduit
