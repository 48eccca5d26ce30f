#include "state_folder.h"

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
#include "state_file.h"

namespace cdc::capture {
namespace {

namespace fs = std::filesystem;

constexpr ::mode_t own_folder_mode = 0700;

std::string cure_of(const std::string& root) {
  return fmt::format("mkdir -p {} && chown {} {}, the number being that of the user the program runs as; or leave stateDir out", root,
                     ::geteuid(), root);
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
    throw Error{ErrorCode::output_failed, Remedy::operate, fmt::format("stateDir: {} cannot be used: {}", root_, errno_text(code)),
                cure_of(root_)};
  forget_oldest();
}

std::optional<std::string> StateFolder::read(std::string_view name, std::size_t size_max_bytes) const {
  const std::string path = path_of(name);
  StateFile file = read_state_file(path, size_max_bytes);
  if (file.failed == 0) return std::move(file.bytes);
  if (file.failed != ENOENT)
    log(LogLevel::warning, fmt::format("stateDir: {} is not used: {}; {}", path, errno_text(file.failed), cure_of(root_)));
  return std::nullopt;
}

bool StateFolder::write(std::string_view name, std::string_view bytes) {
  const std::string path = path_of(name);
  const bool there = ::mkdir(folder_.c_str(), own_folder_mode) == 0 || errno == EEXIST;
  const int failed = there ? replace_state_file(path, bytes) : errno;
  if (failed == 0) return true;
  log(LogLevel::warning, fmt::format("stateDir: {} was not written: {}; {}", path, errno_text(failed), cure_of(root_)));
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
