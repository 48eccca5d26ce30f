#include "state_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace cdc::capture {
namespace {

constexpr ::mode_t own_file_mode = 0600;

/// An open file; closed at the end.
class File {
 public:
  File(const std::string& path, int flags) : descriptor_{::open(path.c_str(), flags | O_CLOEXEC, own_file_mode)} {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

/// Errno of what failed, 0 when the bytes are on the disk.
int write_all(const File& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ::ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : EIO;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file.get()) == 0 ? 0 : errno;
}

/// `out` has the size that is wanted, and at the end what was there of it.
int read_all(const File& file, std::string& out) {
  for (std::size_t at = 0; at < out.size();) {
    const ::ssize_t got = ::read(file.get(), out.data() + at, out.size() - at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) out.resize(at);
    at += static_cast<std::size_t>(got);
  }
  return 0;
}

}  // namespace

StateFile read_state_file(const std::string& path, std::size_t size_max_bytes) {
  StateFile out;
  const File file{path, O_RDONLY | O_NONBLOCK};
  struct ::stat found {};
  if (!file || ::fstat(file.get(), &found) != 0) return out.failed = errno, out;
  if (!S_ISREG(found.st_mode) || static_cast<std::uint64_t>(found.st_size) > size_max_bytes) return out.failed = EFBIG, out;
  out.bytes.resize(static_cast<std::size_t>(found.st_size));
  out.failed = read_all(file, out.bytes);
  return out;
}

int replace_state_file(const std::string& path, std::string_view bytes) {
  const std::string fresh = fmt::format("{}.{}.new", path, ::getpid());
  int failed = 0;
  {
    const File file{fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW};
    failed = file ? write_all(file, bytes) : errno;
  }
  if (failed == 0 && ::rename(fresh.c_str(), path.c_str()) != 0) failed = errno;
  if (failed != 0) return ::unlink(fresh.c_str()), failed;
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  if (const File entry{folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY}) ::fsync(entry.get());
  return 0;
}

std::string errno_text(int code) { return std::generic_category().message(code); }

}  // namespace cdc::capture
