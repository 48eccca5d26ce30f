#pragma once

/// The protocol's small messages as bytes. The generated classes stay behind this header.

#include <optional>
#include <string>
#include <string_view>

#include "cdc/config/settings.h"
#include "cdc/opencdc/schema_registry.h"
#include "specification.h"

namespace cdc::conduit {

/// Each `decode_` gives nothing when the bytes are not such a message.
std::string encode_specification(const Specification& specification);
/// Of LifecycleOnDeleted too, which looks the same.
std::optional<config::Entries> decode_configure(std::string_view request);
std::optional<std::string> decode_open(std::string_view request);
std::string encode_stop(std::string_view last_position);
std::string encode_create_schema(std::string_view subject, std::string_view json);
std::optional<opencdc::SchemaId> decode_created_schema(std::string_view response);

}  // namespace cdc::conduit
