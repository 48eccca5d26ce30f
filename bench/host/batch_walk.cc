#include "batch_walk.h"

namespace cdc::bench {
namespace {

constexpr char tag = 0x0a;  // field 1, length-delimited

/// Takes field 1 off the front of `rest`, and gives its content; none when something else stands there.
std::optional<std::string_view> take_field(std::string_view& rest) noexcept {
  if (rest.empty() || rest.front() != tag) return std::nullopt;
  std::uint64_t size = 0;
  std::size_t at = 1;
  for (unsigned shift = 0; shift < 64 && at < rest.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest[at++]);
    size |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) != 0) continue;
    if (size > rest.size() - at) return std::nullopt;
    const std::string_view content = rest.substr(at, size);
    rest.remove_prefix(at + size);
    return content;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> BatchWalk::next() noexcept {
  if (rest_.empty() || malformed_) return std::nullopt;
  if (const auto record = take_field(rest_)) {
    std::string_view behind = *record;
    if (take_field(behind)) return record->substr(0, record->size() - behind.size());
  }
  malformed_ = true;
  return std::nullopt;
}

}  // namespace cdc::bench
