#include "acknowledgements.h"

namespace cdc::conduit {
namespace {

enum WireType : std::uint32_t { varint = 0, fixed64 = 1, sized = 2, fixed32 = 5 };
constexpr std::uint64_t positions_tag = 1U << 3U | sized;

class Scanner {
 public:
  explicit Scanner(std::span<const std::byte> rest) : rest_{rest} {}

  bool done() const noexcept { return rest_.empty(); }

  bool read_varint(std::uint64_t& value) noexcept {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(rest_.front());
      rest_ = rest_.subspan(1);
      value |= (byte & 0x7FU) << shift;
      if (byte < 0x80U) return true;
    }
    return false;
  }

  bool skip(std::uint64_t size_bytes) noexcept {
    if (size_bytes > rest_.size()) return false;
    rest_ = rest_.subspan(static_cast<std::size_t>(size_bytes));
    return true;
  }

  bool skip_field(std::uint64_t tag) noexcept {
    std::uint64_t value = 0;
    switch (tag & 7U) {
      case varint: return read_varint(value);
      case fixed64: return skip(8);
      case sized: return read_varint(value) && skip(value);
      case fixed32: return skip(4);
      default: return false;
    }
  }

 private:
  std::span<const std::byte> rest_;
};

}  // namespace

std::optional<std::uint64_t> count_acknowledged(std::span<const std::byte> message) noexcept {
  Scanner scanner{message};
  std::uint64_t count = 0;
  while (!scanner.done()) {
    std::uint64_t tag = 0;
    if (!scanner.read_varint(tag) || !scanner.skip_field(tag)) return std::nullopt;
    if (tag == positions_tag) ++count;
  }
  return count;
}

}  // namespace cdc::conduit
