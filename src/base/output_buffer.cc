#include "cdc/base/output_buffer.h"

#include <algorithm>

namespace cdc {
namespace {
constexpr std::size_t initial_bytes = 4096;
constexpr std::size_t doubling_limit_bytes = 8U << 20;  // beyond it grow by a quarter: one huge row must not double
}  // namespace

void OutputBuffer::grow(std::size_t size_bytes) {
  const std::size_t used = size();
  const std::size_t step = capacity() < doubling_limit_bytes ? capacity() : capacity() / 4;
  const std::size_t wanted = std::max({initial_bytes, used + size_bytes, capacity() + step});
  auto bigger = std::make_unique_for_overwrite<char[]>(wanted);
  if (used != 0) std::memcpy(bigger.get(), begin_.get(), used);
  begin_ = std::move(bigger);
  end_ = begin_.get() + used;
  limit_ = begin_.get() + wanted;
}

void OutputBuffer::shrink(std::size_t keep_bytes) {
  end_ = begin_.get();
  if (capacity() <= keep_bytes) return;
  begin_.reset();
  end_ = limit_ = nullptr;
}

}  // namespace cdc
