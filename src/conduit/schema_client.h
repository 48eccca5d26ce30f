#pragma once

/// The host's schema service as the encoder sees it: registers a schema, tells its number.

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "cdc/opencdc/schema_registry.h"

namespace cdc::conduit {

/// Contacts nothing before the first schema. A service that does not answer is asked again without end, with a warning
/// each time; one that refuses, a few times.
///
/// Conduit's registry, when it starts again, takes the last version of a subject in the order of texts for the highest: behind 9 it counts
/// on from 10, whatever has that number, and rows of the older schema would then be read under the newer one. So a version beyond 9 is
/// never used: such a schema gets a subject of its own.
class SchemaClient final : public opencdc::SchemaRegistry {
 public:
  /// `target`: host:port, empty = the host has none. Calls end on `stop`.
  SchemaClient(std::string target, std::string token, std::stop_token stop);
  ~SchemaClient() override;

  /// Throws Error(schema_service); on a stop too. Errors are not remembered.
  opencdc::SchemaId resolve(std::string_view subject, std::string_view json) override;

 private:
  opencdc::SchemaId create(std::string_view subject, std::string_view json);

  const std::string target_, token_;
  const std::stop_token stop_;
  std::unique_ptr<class SchemaChannel> channel_;
};

}  // namespace cdc::conduit
