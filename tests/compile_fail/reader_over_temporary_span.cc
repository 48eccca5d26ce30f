// A temporary span is fine, as it owns nothing; a temporary array is not.
// expect: use of deleted function
#include <array>

#include "cdc/base/reader.h"

std::span<const std::byte> borrowed();
std::array<std::byte, 4> owned();

int main() {
#ifdef BAD
  cdc::Reader reader{owned(), 19};
#else
  cdc::Reader reader{borrowed(), 19};
#endif
  return reader.u8();
}
