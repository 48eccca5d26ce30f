#include "cdc/binlog/row_fragments.h"

#include <limits>

#include "cdc/base/error.h"

namespace cdc::binlog {
namespace {

constexpr std::uint8_t flag_whole_size = 1;
/// Room kept for the next event.
constexpr std::size_t kept_bytes = std::size_t{1} << 20;

[[noreturn]] void throw_malformed(const char* what) {
  throw Error{ErrorCode::event_malformed, Remedy::fix, what,
              "compare with the server's own mysqlbinlog; if that reads it, report this with the server version"};
}

}  // namespace

void RowFragments::clear() noexcept {
  seen_ = 0;
  event_.clear();
}

void RowFragments::begin(std::uint32_t total, std::uint64_t size_bytes) {
  total_ = total;
  size_bytes_ = size_bytes;
  event_.clear();
  if (event_.capacity() > kept_bytes) event_.shrink_to_fit();
}

std::span<const std::byte> RowFragments::add(Reader body) {
  const std::uint32_t total = body.u32(), number = body.u32();
  const std::uint8_t flags = body.u8();
  const std::uint64_t size_bytes = (flags & flag_whole_size) != 0 ? body.u64() : 0;
  if (body.failed() || total == 0 || flags > flag_whole_size) throw_malformed("a piece of a rows event is malformed");
  if (!open()) begin(total, size_bytes);
  if (number != seen_ + 1 || total != total_ || (number != 1 && size_bytes != 0))
    throw_malformed("a piece of a rows event is not the one that must follow");
  const auto chunk = body.rest();
  const std::uint64_t most = size_bytes_ != 0 ? size_bytes_ : std::numeric_limits<std::uint32_t>::max();  // of a header's size
  if (chunk.size() > most - event_.size()) throw_malformed("the pieces of a rows event are larger than the whole");
  event_.insert(event_.end(), chunk.begin(), chunk.end());
  if (++seen_ != total_) return {};
  seen_ = 0;
  if (size_bytes_ != 0 && event_.size() != size_bytes_) throw_malformed("the pieces of a rows event are smaller than the whole");
  if (event_.empty()) throw_malformed("the pieces of a rows event are empty");
  return event_;
}

}  // namespace cdc::binlog
