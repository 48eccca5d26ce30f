#pragma once

/// What the host says on the Run call: which records it has stored.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace cdc::conduit {

/// How many positions a message of acknowledgements holds; none when it is malformed.
/// Format: connector.v2 Source.Run.Request, field 1 repeated bytes; other fields are passed over.
std::optional<std::uint64_t> count_acknowledged(std::span<const std::byte> message) noexcept;

}  // namespace cdc::conduit
