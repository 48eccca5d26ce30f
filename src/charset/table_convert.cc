#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "charset_convert.h"
#include "utf8_writer.h"

namespace cdc::charset {
namespace {

using Byte = unsigned char;

/// A character of several bytes; size 0: there is none.
struct Decoded {
  std::uint32_t code_point = 0;
  std::size_t size_bytes = 0;
};

bool is_digit(Byte byte) noexcept { return byte >= '0' && byte <= '9'; }
bool is_mark(Byte byte) noexcept { return byte >= 0x81 && byte <= 0xFE; }

/// GB 18030: mark, digit, mark, digit, counted like a number of mixed base.
Decoded decode_four(const Byte* at) noexcept {
  if (!is_mark(at[0]) || !is_digit(at[1]) || !is_mark(at[2]) || !is_digit(at[3])) return {};
  const std::uint32_t rank = (((at[0] - 0x81U) * 10 + (at[1] - 0x30U)) * 126 + (at[2] - 0x81U)) * 10 + (at[3] - 0x30U);
  const auto runs = gb18030_runs();
  const auto next = std::ranges::upper_bound(runs, rank, {}, &RankRun::rank);
  if (next == runs.begin()) return {};
  const RankRun& run = *std::prev(next);
  if (rank - run.rank >= run.count) return {};
  return {run.code_point + (rank - run.rank), 4};
}

Decoded decode_multi(const MultiByte& multi, const Byte* at, std::size_t left) noexcept {
  if (left < 2) return {};
  if (const char16_t c = multi.by_lead[at[0]].at(at[1]); c != unassigned) return {c, 2};
  if (multi.by_8f != nullptr && at[0] == 0x8F && left >= 3) {
    const char16_t c = (*multi.by_8f)[at[1]].at(at[2]);
    return c == unassigned ? Decoded{} : Decoded{c, 3};
  }
  return multi.four_bytes && left >= 4 ? decode_four(at) : Decoded{};
}

/// Copies ASCII until fewer than 8 bytes are left or 8 are not all ASCII: always 8 at a time, of which the last may be too many; there
/// is room for them, as no character gets shorter.
void copy_ascii(const Byte*& at, const Byte* end, char*& out) noexcept {
  while (end - at >= 8) {
    std::uint64_t block;
    std::memcpy(&block, at, sizeof block);
    std::memcpy(out, &block, sizeof block);
    const std::uint64_t high = block & 0x8080808080808080U;
    const int count = high == 0 ? 8 : std::countr_zero(high) / 8;
    at += count;
    out += count;
    if (count != 8) return;
  }
}

}  // namespace

char* convert_by_table(char* out, std::string_view text, const CharsetTable& table) noexcept {
  const auto* at = reinterpret_cast<const Byte*>(text.data());
  const Byte* const end = at + text.size();
  const Byte copied_end = table.extends_ascii ? 0x80 : 0;
  const MultiByte* const multi = table.multi;
  while (at != end) {
    if (*at < copied_end && end - at >= 8) {
      copy_ascii(at, end, out);
      continue;
    }
    if (const std::uint32_t utf8 = table.single[*at]; utf8 != 0) {
      std::memcpy(out, &utf8, sizeof utf8);
      out += utf8 >> 24;
      ++at;
      continue;
    }
    if (multi == nullptr) return nullptr;
    const Decoded found = decode_multi(*multi, at, static_cast<std::size_t>(end - at));
    if (found.size_bytes == 0) return nullptr;
    out = write_code_point(out, found.code_point);
    at += found.size_bytes;
  }
  return out;
}

}  // namespace cdc::charset
