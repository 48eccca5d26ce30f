#pragma once

/// Scratch memory for bytes that must stay put while one row is handled.

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace cdc {

/// Bump allocator: blocks never move; `reset` reuses them. Not thread-safe.
class Arena {
 public:
  /// At least `size_bytes` writable bytes, never null, also for 0; valid until `reset`.
  char* take(std::size_t size_bytes) {
    if (size_bytes >= static_cast<std::size_t>(limit_ - cursor_)) return grow(size_bytes);
    char* const out = cursor_;
    cursor_ += size_bytes;
    return out;
  }
  /// Gives back the end of the last `take`: `used` lies inside it.
  void trim(char* used) noexcept { cursor_ = used; }
  /// Frees all; keeps one block of ordinary size, so that one huge row is not paid for ever after.
  void reset() noexcept {
    if (blocks_.size() > 1 || (!blocks_.empty() && blocks_.front().size_bytes > keep_bytes)) drop_blocks();
    cursor_ = blocks_.empty() ? nullptr : blocks_.front().bytes.get();
  }

 private:
  static constexpr std::size_t block_bytes = 64U << 10, keep_bytes = 1U << 20;
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size_bytes;
  };
  char* grow(std::size_t size_bytes);
  void drop_blocks() noexcept;

  std::vector<Block> blocks_;
  char* cursor_ = nullptr;
  char* limit_ = nullptr;
};

}  // namespace cdc
