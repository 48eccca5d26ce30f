#pragma once

/// A small file that outlives the program: read whole, and replaced in one step. What a failure means is the caller's to say.

#include <cstddef>
#include <string>
#include <string_view>

namespace cdc::capture {

struct StateFile {
  int failed = 0;  ///< Errno: ENOENT when there is none, EFBIG when it is too long or no plain file; 0 when `bytes` are its content.
  std::string bytes;
};
StateFile read_state_file(const std::string& path, std::size_t size_max_bytes);

/// Errno; 0 when `bytes` are what `path` holds from now on, also after a crash: they are written under another name, reach the disk, and
/// take the place in one step; the folder's own entry reaches the disk too. On a failure what was there is there still.
int replace_state_file(const std::string& path, std::string_view bytes);

/// What an errno says, for a message.
std::string errno_text(int code);

}  // namespace cdc::capture
