#pragma once

/// Errors as the host shows them: it keeps the text of a status and nothing else.

#include <exception>
#include <string>

#include "cdc/base/error.h"

namespace cdc::conduit {

/// `MYC1203: what and where (cure: …)`: one line unless the error has many; valid UTF-8, never empty, at most 4 KiB, and
/// never a text that the host takes for its own cancellation.
std::string status_text(const Error& error);
std::string status_text(const std::exception& failure);

}  // namespace cdc::conduit
