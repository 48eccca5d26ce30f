#pragma once

/// Test bytes in a heap block of exactly their size, so that ASan sees a read one byte too far.

#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>

namespace cdc {

class ExactBytes {
 public:
  ExactBytes(std::initializer_list<int> bytes) : ExactBytes(bytes.size()) {
    std::size_t i = 0;
    for (const int b : bytes) block_[i++] = static_cast<std::byte>(b);
  }
  explicit ExactBytes(std::span<const std::byte> bytes) : ExactBytes(bytes.size()) {
    if (size_ != 0) std::memcpy(block_.get(), bytes.data(), size_);
  }
  explicit ExactBytes(std::string_view text) : ExactBytes(std::as_bytes(std::span{text})) {}

  operator std::span<const std::byte>() const noexcept { return {block_.get(), size_}; }  // NOLINT: a view by design
  std::span<const std::byte> span() const noexcept { return {block_.get(), size_}; }
  std::size_t size() const noexcept { return size_; }

 private:
  explicit ExactBytes(std::size_t size) : block_{new std::byte[size]}, size_{size} {}

  std::unique_ptr<std::byte[]> block_;
  std::size_t size_;
};

}  // namespace cdc
