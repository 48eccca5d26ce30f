#pragma once

/// The version, as the build file states it: `1.2.3`.

#include <string_view>

namespace cdc {

std::string_view program_version() noexcept;

}  // namespace cdc
