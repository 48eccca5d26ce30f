#include "cdc/base/error.h"

#include <fmt/format.h>

namespace cdc {

Error::Error(ErrorCode code, Remedy remedy, std::string what, std::string cure)
    : code_{code}, remedy_{remedy}, message_{std::move(what)}, cure_{std::move(cure)} {
  render();
}

void Error::add_frame(std::string_view frame) {
  message_.insert(0, fmt::format("{}: ", frame));
  render();
}

void Error::render() {
  rendered_ = fmt::format("MYC{}: {}", static_cast<unsigned>(code_), message_);
  if (!cure_.empty()) rendered_ += fmt::format("\n  cure: {}", cure_);
}

}  // namespace cdc
