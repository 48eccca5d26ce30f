#include "state_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "cdc/base/error.h"
#include "cdc/base/log.h"

namespace cdc::capture {
namespace {

namespace fs = std::filesystem;

constexpr ::mode_t own_folder_mode = 0700, own_file_mode = 0600;

std::string reason(int code) { return std::generic_category().message(code); }

std::string cure_of(const std::string& root) {
  return fmt::format("mkdir -p {} && chown {} {}, the number being that of the user the program runs as; or leave stateDir out", root,
                     ::geteuid(), root);
}

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

/// In one step, and for good: the folder's own entry reaches the disk too.
int write_in_place_of(const std::string& folder, const std::string& path, std::string_view bytes) {
  const std::string fresh = fmt::format("{}.{}.new", path, ::getpid());
  int failed = 0;
  {
    const File file{fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW};
    failed = file ? write_all(file, bytes) : errno;
  }
  if (failed == 0 && ::rename(fresh.c_str(), path.c_str()) != 0) failed = errno;
  if (failed != 0) return ::unlink(fresh.c_str()), failed;
  if (const File entry{folder, O_RDONLY | O_DIRECTORY}) ::fsync(entry.get());
  return 0;
}

/// Errno of why files cannot be made in a folder; 0 when they can.
int why_unusable(const std::string& folder) {
  struct ::stat found {};
  if (::stat(folder.c_str(), &found) != 0) return errno;
  if (!S_ISDIR(found.st_mode)) return ENOTDIR;
  return ::access(folder.c_str(), W_OK | X_OK) == 0 ? 0 : errno;
}

}  // namespace

StateFolder::StateFolder(std::string path, std::string_view part, Use use)
    : root_{std::move(path)}, folder_{fmt::format("{}/{}", root_, part)}, use_{use} {
  if (use_ == Use::read) return;
  if (const int code = why_unusable(root_))
    throw Error{ErrorCode::output_failed, Remedy::operate, fmt::format("stateDir: {} cannot be used: {}", root_, reason(code)),
                cure_of(root_)};
  forget_oldest();
}

std::optional<std::string> StateFolder::read(std::string_view name, std::size_t size_max_bytes) const {
  const std::string path = path_of(name);
  const File file{path, O_RDONLY};
  struct ::stat found {};
  int failed = !file || ::fstat(file.get(), &found) != 0 ? errno : 0;
  if (failed == ENOENT) return std::nullopt;
  if (failed == 0 && (!S_ISREG(found.st_mode) || static_cast<std::uint64_t>(found.st_size) > size_max_bytes)) failed = EFBIG;
  std::string out(failed == 0 ? static_cast<std::size_t>(found.st_size) : 0, '\0');
  for (std::size_t at = 0; failed == 0 && at < out.size();) {
    const ::ssize_t got = ::read(file.get(), out.data() + at, out.size() - at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) failed = errno;
    if (got == 0) out.resize(at);
    if (got > 0) at += static_cast<std::size_t>(got);
  }
  if (failed == 0) return out;
  log(LogLevel::warning, fmt::format("stateDir: {} is not used: {}; {}", path, reason(failed), cure_of(root_)));
  return std::nullopt;
}

bool StateFolder::write(std::string_view name, std::string_view bytes) {
  const std::string path = path_of(name);
  const bool there = ::mkdir(folder_.c_str(), own_folder_mode) == 0 || errno == EEXIST;
  const int failed = there ? write_in_place_of(folder_, path, bytes) : errno;
  if (failed == 0) return true;
  log(LogLevel::warning, fmt::format("stateDir: {} was not written: {}; {}", path, reason(failed), cure_of(root_)));
  return false;
}

/// Also what a crash left half written.
void StateFolder::forget_oldest() const {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{folder_, ignored})
    if (entry.is_regular_file(ignored)) files.emplace_back(entry.last_write_time(ignored), entry.path());
  if (files.size() <= file_count_max) return;
  std::sort(files.begin(), files.end());
  files.resize(files.size() - file_count_max);
  for (const auto& [time, path] : files) fs::remove(path, ignored);
}

}  // namespace cdc::capture
