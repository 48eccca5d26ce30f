#pragma once

/// Standard output as a large buffer in front of a file descriptor.

#include <cstddef>
#include <span>
#include <stop_token>
#include <string_view>

#include "cdc/base/output_buffer.h"

namespace cdc::cli {

/// Collects lines and writes them in large pieces. Not thread-safe.
class Output {
 public:
  /// While busy, this much is collected before it is written.
  static constexpr std::size_t write_size_bytes = std::size_t{256} << 10;

  /// `fd` is borrowed. A closed pipe is no error: it requests a stop on `ending`, and what follows is dropped.
  Output(int fd, std::stop_source ending) noexcept : fd_{fd}, ending_{std::move(ending)} {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  OutputBuffer& buffer() noexcept { return buffer_; }
  /// After each line.
  void line_done() {
    if (buffer_.size() >= write_size_bytes) flush();
  }
  /// Writes everything collected. Throws Error(output_failed).
  void flush();
  /// The reader of a pipe has gone.
  bool closed() const noexcept { return closed_; }

 private:
  void write_all(std::string_view bytes);

  int fd_;
  bool closed_ = false;
  std::stop_source ending_;
  OutputBuffer buffer_;
};

}  // namespace cdc::cli
