#pragma once

/// One call to the host's schema service. The gRPC of it is behind this header.

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace cdc::conduit {

struct CallResult {
  enum class Kind : std::uint8_t { ok, unavailable, refused } kind = Kind::refused;
  std::string text;  ///< The response's bytes, or what the service or gRPC said.
};

class SchemaChannel {
 public:
  virtual ~SchemaChannel() = default;
  /// `request`: serialised CreateSchemaRequest. Returns within `limit`, or soon after a stop.
  virtual CallResult create_schema(std::string_view request, std::chrono::milliseconds limit, const std::stop_token& stop) = 0;
};

/// Nothing is contacted yet. Proxies of the environment are not used.
std::unique_ptr<SchemaChannel> open_schema_channel(const std::string& target, const std::string& token);

}  // namespace cdc::conduit
