#pragma once

/// The byte buffer that records are written into: grown rarely, written through a raw cursor.

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace cdc {

/// Growable bytes, contiguous, kept between uses. Not thread-safe.
///
/// The hot pattern is `char* p = buffer.reserve(most); p = write_x(p, …); buffer.commit(p);`:
/// one capacity check for many small writes.
class OutputBuffer {
 public:
  /// Room for `size_bytes` more; the cursor to write at. Valid until the next call that may grow.
  char* reserve(std::size_t size_bytes) {
    if (static_cast<std::size_t>(limit_ - end_) < size_bytes) grow(size_bytes);
    return end_;
  }
  /// Everything up to `end` has been written; `end` lies in the room last reserved.
  void commit(char* end) noexcept { end_ = end; }

  void append(std::string_view text) {
    if (text.empty()) return;
    char* const at = reserve(text.size());
    std::memcpy(at, text.data(), text.size());
    end_ = at + text.size();
  }
  void append(char c) { *reserve(1) = c, ++end_; }

  /// The content, to be changed in place; null before anything was reserved.
  char* data() noexcept { return begin_.get(); }
  std::size_t size() const noexcept { return static_cast<std::size_t>(end_ - begin_.get()); }
  bool empty() const noexcept { return end_ == begin_.get(); }
  std::string_view view() const noexcept { return {begin_.get(), size()}; }
  std::span<const std::byte> bytes() const noexcept { return std::as_bytes(std::span{begin_.get(), size()}); }
  /// Forgets the content, keeps the memory.
  void clear() noexcept { end_ = begin_.get(); }
  /// Back to an earlier `size()`.
  void truncate(std::size_t size_bytes) noexcept { end_ = begin_.get() + size_bytes; }
  /// Gives the memory back when it is larger than `keep_bytes`: after one huge row. Drops the content.
  void shrink(std::size_t keep_bytes);
  std::size_t capacity() const noexcept { return static_cast<std::size_t>(limit_ - begin_.get()); }

 private:
  void grow(std::size_t size_bytes);

  std::unique_ptr<char[]> begin_;
  char* end_ = nullptr;
  char* limit_ = nullptr;
};

}  // namespace cdc
