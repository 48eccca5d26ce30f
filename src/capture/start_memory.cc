#include "cdc/capture/start_memory.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "cdc/base/error.h"
#include "cdc/base/hash.h"

namespace cdc::capture {
namespace {

constexpr std::size_t largest_file_bytes = std::size_t{1} << 20;  // GTID sets can be long
constexpr std::size_t longest_name_bytes = 100;

struct Close {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

bool is_plain(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; }

/// An id as the name of a file; ids that look the same then are told apart by what they were.
std::string file_name_of(std::string_view id) {
  std::string out{id.substr(0, longest_name_bytes)};
  std::replace_if(
      out.begin(), out.end(), [](char c) { return !is_plain(c); }, '_');
  return fmt::format("{}-{:08x}.start", out, fnv1a(id));
}

[[noreturn]] void cannot_read(const std::string& path, std::string_view why) {
  throw Error{ErrorCode::file_unreadable, Remedy::operate, fmt::format("stateDir: {}: {}", path, why),
              "let this user read the folder; or remove the file, which makes the stream begin at now"};
}

[[noreturn]] void cannot_write(const std::string& path, int error) {
  throw Error{ErrorCode::output_failed, Remedy::operate, fmt::format("stateDir: {}: {}", path, std::strerror(error)),
              "make the folder and let this user write to it, or leave stateDir out"};
}

std::string read_file(std::FILE* file) {
  std::string out(largest_file_bytes + 1, '\0');
  out.resize(std::fread(out.data(), 1, out.size(), file));
  return out;
}

}  // namespace

StartMemory::StartMemory(std::string_view folder, std::string_view connector_id) {
  if (!folder.empty()) path_ = fmt::format("{}/{}", folder, file_name_of(connector_id));
}

std::optional<StartMemory::Start> StartMemory::recall() const {
  if (path_.empty()) return std::nullopt;
  const File file{std::fopen(path_.c_str(), "rbe")};
  if (file == nullptr && errno == ENOENT) return std::nullopt;
  if (file == nullptr) cannot_read(path_, std::strerror(errno));
  const std::string text = read_file(file.get());
  const std::size_t first = text.find('\n'), second = text.find('\n', first + 1);
  if (first == text.npos || first == 0 || second != text.size() - 1 || text.size() > largest_file_bytes)
    cannot_read(path_, "not the start of a stream");
  return Start{text.substr(0, first), text.substr(first + 1, second - first - 1)};
}

void StartMemory::remember(const Start& start) const {
  if (path_.empty()) return;
  const std::string text = fmt::format("{}\n{}\n", start.from, start.server), fresh = path_ + ".new";
  File file{std::fopen(fresh.c_str(), "wbe")};
  if (file == nullptr) cannot_write(fresh, errno);
  const bool written = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() && std::fflush(file.get()) == 0;
  if (!written || ::fsync(::fileno(file.get())) != 0 || std::rename(fresh.c_str(), path_.c_str()) != 0) cannot_write(fresh, errno);
}

void StartMemory::forget() const noexcept {
  if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace cdc::capture
