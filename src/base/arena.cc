#include "cdc/base/arena.h"

#include <algorithm>

namespace cdc {

char* Arena::grow(std::size_t size_bytes) {
  const std::size_t size = std::max(block_bytes, size_bytes);
  blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
  char* const out = blocks_.back().bytes.get();
  cursor_ = out + size_bytes;
  limit_ = out + size;
  return out;
}

void Arena::drop_blocks() noexcept {
  const bool keep_first = blocks_.front().size_bytes <= keep_bytes;
  blocks_.erase(blocks_.begin() + (keep_first ? 1 : 0), blocks_.end());
  limit_ = keep_first ? blocks_.front().bytes.get() + blocks_.front().size_bytes : nullptr;
}

}  // namespace cdc
