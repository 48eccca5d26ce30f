// Contract under fuzz: no crash, no sanitizer report, no exception but cdc::Error. An event is as long as its pieces together, which is
// what the first one says, and between two events nothing is open.
// Input: pieces, each a byte that says how long its body is, then the body.

#include <algorithm>
#include <cstdint>

#include "cdc/base/error.h"
#include "cdc/binlog/row_fragments.h"
#include "require.h"

namespace cdc::binlog {
namespace {

constexpr std::size_t head_bytes_min = 9;

void check(std::span<const std::byte> input) {
  RowFragments fragments;
  Reader r{input};
  std::size_t bytes = 0;
  try {
    while (r.remaining() != 0) {
      const auto body = r.take(std::min<std::size_t>(r.u8(), r.remaining()));
      bytes += body.size();
      const auto event = fragments.add(Reader{body});
      require(event.size() + head_bytes_min <= bytes, "no more than the pieces had");
      require(event.empty() || !fragments.open(), "an event is whole");
      if (!event.empty()) bytes = 0;
    }
  } catch (const Error&) {
    fragments.clear();
  }
  require(bytes != 0 || !fragments.open(), "open only when something came");
}

}  // namespace
}  // namespace cdc::binlog

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cdc::binlog::check(std::as_bytes(std::span{data, size}));
  return 0;
}
