#pragma once

/// Where Avro schemas get their numbers: the host's schema service, or a double in tests.

#include <cstdint>
#include <string>
#include <string_view>

namespace cdc::opencdc {

/// What the registry answered: it goes into the records' metadata as it is.
struct SchemaId {
  std::string subject;       ///< UTF-8, not empty. May differ from the one asked for.
  std::int32_t version = 0;  ///< From 1.
};

class SchemaRegistry {
 public:
  virtual ~SchemaRegistry() = default;
  /// The number of the Avro schema `json` under `subject`. Called once a subject and text by a RecordEncoder, on the thread
  /// that appends, so it may block (and must then end on stop). Throws Error; the encoder asks again with the next record.
  virtual SchemaId resolve(std::string_view subject, std::string_view json) = 0;
};

}  // namespace cdc::opencdc
