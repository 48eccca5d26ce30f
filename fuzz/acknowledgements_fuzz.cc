// Contract under fuzz: no crash, no sanitizer report; a message has at most one position for each two of its bytes.
// Input: the bytes of a connector.v2 Source.Run.Request.

#include "acknowledgements.h"

#include <cstdint>

#include "require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto count = cdc::conduit::count_acknowledged(std::as_bytes(std::span{data, size}));
  cdc::require(!count || *count <= size / 2, "no more positions than bytes for them");
  return 0;
}
