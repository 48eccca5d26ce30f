#include "cdc/capture/start_memory.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "cdc/base/error.h"
#include "cdc/base/hash.h"
#include "state_file.h"

namespace cdc::capture {
namespace {

constexpr std::size_t largest_file_bytes = std::size_t{1} << 20;  // GTID sets can be long
constexpr std::size_t longest_name_bytes = 100;
constexpr std::string_view not_a_start = "not the start of a stream";

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
  throw Error{ErrorCode::output_failed, Remedy::operate, fmt::format("stateDir: {}: {}", path, errno_text(error)),
              "make the folder and let this user write to it, or leave stateDir out"};
}

}  // namespace

StartMemory::StartMemory(std::string_view folder, std::string_view connector_id) {
  if (!folder.empty()) path_ = fmt::format("{}/{}", folder, file_name_of(connector_id));
}

std::optional<StartMemory::Start> StartMemory::recall() const {
  if (path_.empty()) return std::nullopt;
  const StateFile file = read_state_file(path_, largest_file_bytes);
  if (file.failed == ENOENT) return std::nullopt;
  if (file.failed == EFBIG) cannot_read(path_, not_a_start);
  if (file.failed != 0) cannot_read(path_, errno_text(file.failed));
  const std::string& text = file.bytes;
  const std::size_t first = text.find('\n'), second = text.find('\n', first + 1);
  if (first == text.npos || first == 0 || second != text.size() - 1) cannot_read(path_, not_a_start);
  return Start{text.substr(0, first), text.substr(first + 1, second - first - 1)};
}

void StartMemory::remember(const Start& start) const {
  if (path_.empty()) return;
  if (const int failed = replace_state_file(path_, fmt::format("{}\n{}\n", start.from, start.server))) cannot_write(path_, failed);
}

void StartMemory::forget() const noexcept {
  if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace cdc::capture
