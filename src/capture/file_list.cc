#include "file_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>

#include "cdc/base/error.h"
#include "cdc/base/log.h"

namespace cdc::capture {
namespace {

/// `…/binlog.000041`: everything before the dot, and the number.
struct Numbered {
  std::string_view log;
  std::uint64_t number = 0;
};

std::optional<Numbered> numbered(std::string_view path) noexcept {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  Numbered out{path.substr(0, dot), 0};
  const std::string_view digits = path.substr(dot + 1);
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), out.number);
  if (failure != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return out;
}

void check_neighbours(const std::string& first, const std::string& second) {
  const auto a = numbered(first), b = numbered(second);
  if (!a || !b || a->log != b->log) return;
  if (b->number <= a->number)
    throw Error{ErrorCode::usage, Remedy::operate,
                fmt::format("files are read in the order given, and {} stands before {}", file_name(first), file_name(second)),
                "give them by rising number: SHOW BINARY LOGS"};
  if (b->number > a->number + 1)
    log(LogLevel::warning,
        fmt::format("files between {} and {} are left out: their changes are missing", file_name(first), file_name(second)));
}

}  // namespace

std::string file_name(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

void check_file_order(const std::vector<std::string>& paths) {
  std::set<std::string_view> known;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!known.insert(paths[i]).second)
      throw Error{ErrorCode::usage, Remedy::operate, fmt::format("{} is given twice", file_name(paths[i])), "give each file once"};
    if (i != 0) check_neighbours(paths[i - 1], paths[i]);
  }
}

std::size_t index_of_file(const std::vector<std::string>& paths, std::string_view name, std::string_view what) {
  const auto found = std::ranges::find_if(paths, [&](const std::string& path) { return file_name(path) == name; });
  if (found != paths.end()) return static_cast<std::size_t>(found - paths.begin());
  throw Error{ErrorCode::binlog_file_unknown, Remedy::operate, fmt::format("{} names {}, which is not among the files given", what, name),
              "give that file too, under this name, or another place"};
}

}  // namespace cdc::capture
