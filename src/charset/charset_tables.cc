#include "charset_tables.h"

#include <algorithm>

namespace cdc::charset {
namespace {

/// `first` is the byte of the first character.
template <std::size_t size>
constexpr Cells cells_of(unsigned first, const char16_t (&characters)[size]) {
  static_assert(size - 1 <= 255);
  return {characters, static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(size - 1)};
}

struct SingleRow {
  TextCoding coding;
  Cells cells;

  template <std::size_t size>
  constexpr SingleRow(TextCoding of, unsigned first, const char16_t (&characters)[size]) : coding{of}, cells{cells_of(first, characters)} {}
};

/// `prefix`: the bytes before the last one.
struct Row {
  unsigned prefix;
  Cells cells;

  template <std::size_t size>
  constexpr Row(unsigned before, unsigned first, const char16_t (&characters)[size]) : prefix{before}, cells{cells_of(first, characters)} {}
};

template <std::size_t count>
constexpr Pages pages_of(const Row (&rows)[count], unsigned high) {
  Pages pages{};
  for (const Row& row : rows)
    if (row.prefix >> 8 == high) pages[row.prefix & 0xff] = row.cells;
  return pages;
}

constexpr SingleRow single_rows[] = {
#include "tables/single_bytes.inc"
};
constexpr Row big5_rows[] = {
#include "tables/big5.inc"
};
constexpr Row cp932_rows[] = {
#include "tables/cp932.inc"
};
constexpr Row eucjpms_rows[] = {
#include "tables/eucjpms.inc"
};
constexpr Row euckr_rows[] = {
#include "tables/euckr.inc"
};
constexpr Row gb18030_rows[] = {
#include "tables/gb18030.inc"
};
constexpr Row gb2312_rows[] = {
#include "tables/gb2312.inc"
};
constexpr Row gbk_rows[] = {
#include "tables/gbk.inc"
};
constexpr Row sjis_rows[] = {
#include "tables/sjis.inc"
};
constexpr Row ujis_rows[] = {
#include "tables/ujis.inc"
};
constexpr RankRun runs[] = {
#include "tables/gb18030_runs.inc"
};

constexpr Pages eucjpms_8f = pages_of(eucjpms_rows, 0x8f), ujis_8f = pages_of(ujis_rows, 0x8f);
constexpr MultiByte big5{pages_of(big5_rows, 0)}, cp932{pages_of(cp932_rows, 0)}, eucjpms{pages_of(eucjpms_rows, 0), &eucjpms_8f},
    euckr{pages_of(euckr_rows, 0)}, gb18030{pages_of(gb18030_rows, 0), nullptr, true}, gb2312{pages_of(gb2312_rows, 0)},
    gbk{pages_of(gbk_rows, 0)}, sjis{pages_of(sjis_rows, 0)}, ujis{pages_of(ujis_rows, 0), &ujis_8f};

constexpr const MultiByte* multi_of(TextCoding coding) {
  switch (coding) {
    case TextCoding::big5: return &big5;
    case TextCoding::cp932: return &cp932;
    case TextCoding::eucjpms: return &eucjpms;
    case TextCoding::euckr: return &euckr;
    case TextCoding::gb18030: return &gb18030;
    case TextCoding::gb2312: return &gb2312;
    case TextCoding::gbk: return &gbk;
    case TextCoding::sjis: return &sjis;
    case TextCoding::ujis: return &ujis;
    default: return nullptr;
  }
}

constexpr std::size_t first_table = static_cast<std::size_t>(TextCoding::armscii8);
constexpr std::size_t table_count = static_cast<std::size_t>(TextCoding::ujis) - first_table + 1;
static_assert(std::size(single_rows) == table_count);

/// As CharsetTable::single has it.
constexpr std::uint32_t packed_utf8(char16_t c) {
  if (c < 0x80) return 1U << 24 | c;
  if (c < 0x800) return 2U << 24 | (0x80U | (c & 0x3F)) << 8 | (0xC0U | c >> 6);
  return 3U << 24 | (0x80U | (c & 0x3F)) << 16 | (0x80U | (c >> 6 & 0x3F)) << 8 | (0xE0U | c >> 12);
}

constexpr std::array<CharsetTable, table_count> make_tables() {
  std::array<CharsetTable, table_count> tables{};
  for (const SingleRow& row : single_rows) {
    CharsetTable& table = tables[static_cast<std::size_t>(row.coding) - first_table];
    table.extends_ascii = row.cells.first >= 0x80;
    table.high_singles = row.cells.count != 0;
    table.multi = multi_of(row.coding);
    for (unsigned byte = 0; byte < 256; ++byte) {
      const char16_t listed = row.cells.at(static_cast<unsigned char>(byte));
      const bool self = byte < std::min<unsigned>(row.cells.first, 0x80);
      if (self || listed != unassigned) table.single[byte] = packed_utf8(self ? static_cast<char16_t>(byte) : listed);
    }
  }
  return tables;
}

constexpr std::array<CharsetTable, table_count> tables = make_tables();
static_assert(std::ranges::all_of(tables, [](const CharsetTable& table) { return table.single['0'] == (1U << 24 | '0'); }));

}  // namespace

const CharsetTable& table_of(TextCoding coding) noexcept { return tables[static_cast<std::size_t>(coding) - first_table]; }

std::span<const RankRun> gb18030_runs() noexcept { return runs; }

}  // namespace cdc::charset
