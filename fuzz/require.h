#pragma once

/// What a fuzz target promises beyond "no crash": a broken promise ends the run.

#include <cstdio>
#include <cstdlib>

namespace cdc {

inline void require(bool kept, const char* promise) {
  if (kept) return;
  std::fprintf(stderr, "broken: %s\n", promise);
  std::abort();
}

}  // namespace cdc
