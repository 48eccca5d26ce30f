#pragma once

/// Binlog files: read forward in large pieces, one event at a time.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cdc::capture {

/// One open binlog file. Memory: one buffer of read_size_bytes, or of the largest event.
class FileChannel {
 public:
  static constexpr std::size_t read_size_bytes = 256U << 10;
  static constexpr std::size_t magic_size_bytes = 4;

  /// Opens and checks the magic bytes. Throws Error: file_unreadable, file_not_binlog, file_encrypted.
  explicit FileChannel(const std::string& path);
  ~FileChannel();
  FileChannel(const FileChannel&) = delete;
  FileChannel& operator=(const FileChannel&) = delete;

  /// The next event, header first, checksum (if the file has one) last. Borrowed until the next call; empty at the
  /// file's end. Throws Error(file_truncated) with the offset when the file ends inside an event.
  std::span<const std::byte> next();
  /// Last path component: what positions call the file.
  const std::string& name() const noexcept { return name_; }

 private:
  std::size_t available() const noexcept { return filled_ - cursor_; }
  /// Makes `wanted_bytes` available at the cursor; false when the file ends before.
  bool fill(std::size_t wanted_bytes) { return available() >= wanted_bytes || read_until(wanted_bytes); }
  bool read_until(std::size_t wanted_bytes);
  void read_some();
  [[noreturn]] void throw_truncated() const;

  int fd_ = -1;
  std::string path_, name_;
  std::uint64_t offset_ = 0;  ///< Of `cursor_` in the file.
  std::vector<std::byte> buffer_;
  std::size_t cursor_ = 0, filled_ = 0;
  bool at_end_ = false;
};

}  // namespace cdc::capture
