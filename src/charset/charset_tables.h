#pragma once

/// The characters of the charsets that are not Unicode: what tools/charset_tables.py read from the servers, laid out for look-ups.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "cdc/charset/text_charset.h"

namespace cdc::charset {

/// No character of the servers' tables.
constexpr char16_t unassigned = u' ';

/// Characters of consecutive bytes.
struct Cells {
  const char16_t* characters = nullptr;
  std::uint8_t first = 0;
  std::uint8_t count = 0;

  constexpr char16_t at(unsigned char byte) const noexcept {
    const unsigned index = unsigned{byte} - first;
    return index < count ? characters[index] : unassigned;
  }
};

using Pages = std::array<Cells, 256>;

/// The bytes behind a lead byte.
struct MultiByte {
  Pages by_lead{};               ///< Two bytes: by the first one.
  const Pages* by_8f = nullptr;  ///< Three bytes, the first one 0x8f: by the second one.
  bool four_bytes = false;       ///< gb18030: four bytes where the second one is a digit.
};

struct CharsetTable {
  /// Characters of one byte: up to three bytes of UTF-8, the first one lowest, and their count in the highest byte; 0: none.
  std::array<std::uint32_t, 256> single{};
  bool extends_ascii = true;  ///< Bytes below 0x80 stand for themselves.
  bool high_singles = false;  ///< One byte may become three.
  const MultiByte* multi = nullptr;
};

/// Of a coding by table.
const CharsetTable& table_of(TextCoding coding) noexcept;

/// Codes of four bytes in gb18030, by rank: 0 is 81308130.
struct RankRun {
  std::uint32_t rank;
  std::uint32_t code_point;
  std::uint32_t count;
};
std::span<const RankRun> gb18030_runs() noexcept;

}  // namespace cdc::charset
