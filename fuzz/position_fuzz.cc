// Contract under fuzz: no crash, no sanitizer report, no exception but cdc::Error with code position_invalid and a short message; what
// was parsed comes back from its text as it was.
// Input: the text of a position.

#include <cstdint>

#include "cdc/base/error.h"
#include "cdc/model/position.h"
#include "require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const cdc::Position position = cdc::parse_position({reinterpret_cast<const char*>(data), size});
    cdc::require(cdc::parse_position(cdc::to_text(position)) == position, "a position comes back from its text");
  } catch (const cdc::Error& error) {
    cdc::require(error.code() == cdc::ErrorCode::position_invalid && error.message().size() < 200, "a short refusal");
  }
  return 0;
}
