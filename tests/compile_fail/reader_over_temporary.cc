// A reader borrows: over a vector that dies at the semicolon it would read freed memory.
// expect: use of deleted function
#include <vector>

#include "cdc/base/reader.h"

std::vector<std::byte> packet();

int main() {
#ifdef BAD
  cdc::Reader reader{packet()};
#else
  const std::vector<std::byte> kept = packet();
  cdc::Reader reader{kept};
#endif
  return reader.u8();
}
