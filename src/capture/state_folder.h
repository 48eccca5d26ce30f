#pragma once

/// A folder of small files that outlive the program: the `stateDir` setting. Whatever is in it can be lost without losing a change.
///
/// A file is written whole under another name, reaches the disk, and takes its place in one step: a reader, or a start after a crash, finds
/// the old bytes or the new ones. Several programs may share a folder: the last one to write a file wins.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cdc::capture {

class StateFolder {
 public:
  enum class Use : std::uint8_t { read, write };
  static constexpr std::size_t file_count_max = 4096;  ///< The longest unwritten go first.

  /// `path`/`part`; for writing, `path` must be there and writable, and `part` is made for this user alone when first needed. Throws
  /// Error(output_failed) when `path` cannot be used; for reading never: then nothing is found.
  StateFolder(std::string path, std::string_view part, Use use);

  bool writable() const noexcept { return use_ == Use::write; }
  std::string path_of(std::string_view name) const { return folder_ + '/' + std::string{name}; }
  /// The file's bytes; none when it is not there, is longer than `size_max_bytes`, or cannot be read (then with a warning).
  std::optional<std::string> read(std::string_view name, std::size_t size_max_bytes) const;
  /// False, with a warning, when it could not be written; what was there is there still.
  bool write(std::string_view name, std::string_view bytes);

 private:
  void forget_oldest() const;

  std::string root_, folder_;
  Use use_;
};

}  // namespace cdc::capture
