#include "cdc/charset/text_charset.h"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cdc/base/utf8.h"
#include "exact_bytes.h"
#include "hex.h"

namespace cdc::charset {
namespace {

/// Into a block of exactly the room that is promised to be enough; nothing where the bytes are refused.
std::optional<std::string> converted(TextCoding coding, std::string_view text) {
  const ExactBytes exact{text};
  const auto room = utf8_max_bytes(text.size(), coding);
  const std::unique_ptr<char[]> out{new char[room]};
  const std::string_view in{reinterpret_cast<const char*>(exact.span().data()), exact.size()};
  char* const end = convert_to_utf8(out.get(), in, coding);
  if (end == nullptr) return std::nullopt;
  REQUIRE(static_cast<std::size_t>(end - out.get()) <= room);
  return std::string{out.get(), end};
}

std::vector<TextCoding> convertible() {
  std::vector<TextCoding> all;
  for (auto coding = TextCoding::ucs2; coding <= TextCoding::ujis; coding = static_cast<TextCoding>(static_cast<int>(coding) + 1))
    all.push_back(coding);
  return all;
}

struct TextCase {
  std::string name;
  TextCoding coding;
  std::string hex;
  std::string utf8;
};

const std::vector<TextCase> texts{
    {"empty", TextCoding::gbk, "", ""},
    {"ucs2", TextCoding::ucs2, "004120ac", "A€"},
    {"utf16 with a pair", TextCoding::utf16, "0061d83dde00", "a😀"},
    {"utf16le with a pair", TextCoding::utf16le, "61003dd800de", "a😀"},
    {"utf32", TextCoding::utf32, "000000e90001f600", "é😀"},
    {"latin1 is cp1252", TextCoding::latin1, "636166e920809f", "café €Ÿ"},
    {"latin1's five holes are code points", TextCoding::latin1, "818d8f909d", "\u0081\u008d\u008f\u0090\u009d"},
    {"armscii8 has ASCII a second time", TextCoding::armscii8, "41a4a5b2", "A)(Ա"},
    {"cp1250", TextCoding::cp1250, "9ae8", "šč"},
    {"cp1251", TextCoding::cp1251, "cff0e8e2e5f2", "Привет"},
    {"cp1256", TextCoding::cp1256, "dda1", "ف،"},
    {"cp866", TextCoding::cp866, "8fe0a8a2a5e2", "Привет"},
    {"koi8u", TextCoding::koi8u, "a4b4", "єЄ"},
    {"greek", TextCoding::greek, "c1e2", "Αβ"},
    {"hebrew", TextCoding::hebrew, "f9ece5ed", "שלום"},
    {"keybcs2", TextCoding::keybcs2, "8091", "Čž"},
    {"macroman", TextCoding::macroman, "8edbf0", "é€\uf8ff"},
    {"swe7 puts letters where ASCII has signs", TextCoding::swe7, "5b5c5d7b7c7d4060205f", "ÄÖÅäöåÉé _"},
    {"tis620", TextCoding::tis620, "e4b7c2", "ไทย"},
    {"sjis: half-width letters, a backslash as second byte, a backslash", TextCoding::sjis, "b1835c815f5c", "ｱソ\\\\"},
    {"cp932: NEC's and IBM's rows, private use", TextCoding::cp932, "8740faf0f040", "①橳\ue000"},
    {"ujis: one, two and three bytes", TextCoding::ujis, "418eb1a4a28fb0a1", "Aｱあ丂"},
    {"eucjpms", TextCoding::eucjpms, "ada1a4a28ff3f3", "①あⅰ"},
    {"big5, a second byte that is ASCII", TextCoding::big5, "b35ca4a4", "許中"},
    {"gbk, a second byte that is ASCII", TextCoding::gbk, "d6d08141", "中丄"},
    {"gb2312", TextCoding::gb2312, "d6d0ced4", "中卧"},
    {"gb18030: one, two and four bytes", TextCoding::gb18030, "41d6d0813081309439fc38", "A中\u0080\U0001f602"},
    {"gb18030: U+FFFD is a character", TextCoding::gb18030, "8431a437", "\ufffd"},
    {"gb18030: the last code point", TextCoding::gb18030, "e3329a35", "\U0010ffff"},
    {"euckr", TextCoding::euckr, "c7d1b1b98141", "한국갂"},
    {"long ASCII between others", TextCoding::latin1, "e9303132333435363738393a3b3c3d3e3fe96162636465666768e9",
     "é0123456789:;<=>?éabcdefghé"},
};

TEST_CASE("texts of every kind of charset") {
  for (const TextCase& c : texts) {
    CAPTURE(c.name);
    CHECK(converted(c.coding, unhex(c.hex)) == c.utf8);
    std::string label;
    CHECK(to_utf8(unhex(c.hex), c.coding, label));
    CHECK(label == c.utf8);
  }
}

TEST_CASE("a text that is cut off gives its beginning or nothing") {
  for (const TextCase& c : texts) {
    const std::string bytes = unhex(c.hex);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CAPTURE(c.name);
      CAPTURE(size);
      if (const auto text = converted(c.coding, std::string_view{bytes}.substr(0, size))) CHECK(c.utf8.starts_with(*text));
    }
  }
}

struct InvalidCase {
  std::string name;
  TextCoding coding;
  std::string hex;
};

TEST_CASE("what is no character of the charset is refused, not replaced") {
  const std::vector<InvalidCase> cases{
      {"ascii: a high byte", TextCoding::ascii, "4180"},
      {"cp1251: its one hole", TextCoding::cp1251, "98"},
      {"swe7: DEL and high bytes", TextCoding::swe7, "7f"},
      {"tis620: the server shows U+FFFD", TextCoding::tis620, "a0"},
      {"big5: the server shows U+FFFD", TextCoding::big5, "a15a"},
      {"big5: a lead byte alone", TextCoding::big5, "41a4"},
      {"big5: no second byte", TextCoding::big5, "a420"},
      {"sjis: the server shows ?", TextCoding::sjis, "81ad"},
      {"sjis: no lead byte", TextCoding::sjis, "a0"},
      {"gbk: 80 alone", TextCoding::gbk, "d6d080"},
      {"ujis: two of three bytes", TextCoding::ujis, "8fb0"},
      {"ujis: no half-width letter", TextCoding::ujis, "8ea0"},
      {"gb18030: unassigned between the planes", TextCoding::gb18030, "8431a530"},
      {"gb18030: behind the last code point", TextCoding::gb18030, "e3329a36"},
      {"gb18030: three of four bytes", TextCoding::gb18030, "813081"},
      {"gb18030: the fourth is no digit", TextCoding::gb18030, "81308140"},
      {"ucs2: a surrogate", TextCoding::ucs2, "d83dde00"},
      {"ucs2: half a unit", TextCoding::ucs2, "004100"},
      {"utf16: a high surrogate alone", TextCoding::utf16, "0041d83d"},
      {"utf16: a low surrogate first", TextCoding::utf16, "de00d83d"},
      {"utf16: a high surrogate and a letter", TextCoding::utf16, "d83d0041"},
      {"utf16le: a high surrogate alone", TextCoding::utf16le, "3dd8"},
      {"utf32: a surrogate", TextCoding::utf32, "0000d800"},
      {"utf32: behind the last code point", TextCoding::utf32, "00110000"},
      {"utf32: three of four bytes", TextCoding::utf32, "000041"},
  };
  for (const InvalidCase& c : cases) {
    CAPTURE(c.name);
    CHECK(converted(c.coding, unhex(c.hex)) == std::nullopt);
    std::string label;
    CHECK_FALSE(to_utf8(unhex(c.hex), c.coding, label));
  }
}

TEST_CASE("every three bytes that begin with two: valid UTF-8 within the promised room, or nothing") {
  for (const TextCoding coding : convertible()) {
    CAPTURE(static_cast<int>(coding));
    std::string text(3, 'A');
    for (int code = 0; code < 0x10000; ++code) {
      text[0] = static_cast<char>(code >> 8);
      text[1] = static_cast<char>(code & 0xff);
      const auto out = converted(coding, text);
      if (out && !is_valid_utf8(*out)) FAIL(code);
    }
  }
}

TEST_CASE("gb18030 has every character of Unicode once") {
  std::vector<bool> seen(0x110000);
  std::size_t found = 0, twice = 0;
  const auto add = [&](std::string_view code) {
    char out[4];
    const char* const end = convert_to_utf8(out, code, TextCoding::gb18030);
    if (end == nullptr) return;
    ++found;
    std::uint32_t point = static_cast<unsigned char>(out[0]);
    if (point >= 0x80) point &= 0x7FU >> (end - out);
    for (const char* at = out + 1; at < end; ++at) point = point << 6 | (static_cast<unsigned char>(*at) & 0x3FU);
    if (seen[point]) ++twice;
    seen[point] = true;
  };
  std::string code(1, '\0');
  for (int a = 0; a < 0x80; ++a) code[0] = static_cast<char>(a), add(code);
  code.resize(2);
  for (int i = 0x8000; i < 0x10000; ++i) code[0] = static_cast<char>(i >> 8), code[1] = static_cast<char>(i), add(code);
  code.resize(4);
  for (int i = 0; i < 126 * 10 * 126 * 10; ++i) {
    code[3] = static_cast<char>(0x30 + i % 10);
    code[2] = static_cast<char>(0x81 + i / 10 % 126);
    code[1] = static_cast<char>(0x30 + i / 1260 % 10);
    code[0] = static_cast<char>(0x81 + i / 12600);
    add(code);
  }
  CHECK(found == 0x110000 - 0x800);
  CHECK(twice == 0);
}

TEST_CASE("utf8mb3 has no characters of four bytes") {
  std::string label;
  CHECK(to_utf8("naïve €", TextCoding::utf8mb3, label));
  CHECK(label == "naïve €");
  CHECK_FALSE(to_utf8("a😀", TextCoding::utf8mb3, label));
  CHECK_FALSE(to_utf8("\xc3", TextCoding::utf8mb3, label));
  CHECK(to_utf8("a😀", TextCoding::utf8mb4, label));
}

TEST_CASE("labels in an unknown charset are taken when they are UTF-8, in an unsupported one never") {
  std::string label;
  CHECK(to_utf8("é", TextCoding::unknown, label));
  CHECK_FALSE(to_utf8("\xe9", TextCoding::unknown, label));
  CHECK_FALSE(to_utf8("e", TextCoding::unsupported, label));
}

struct CollationCase {
  std::string name;
  std::uint32_t number;
  TextCoding mysql, mariadb;
};

TEST_CASE("collation numbers of both products") {
  const std::vector<CollationCase> cases{
      {"not logged", 0, TextCoding::unknown, TextCoding::unknown},
      {"big5_chinese_ci", 1, TextCoding::big5, TextCoding::big5},
      {"latin1_swedish_ci", 8, TextCoding::latin1, TextCoding::latin1},
      {"a number never given", 17, TextCoding::unsupported, TextCoding::unsupported},
      {"utf8mb3_general_ci", 33, TextCoding::utf8mb3, TextCoding::utf8mb3},
      {"utf16le_general_ci", 56, TextCoding::utf16le, TextCoding::utf16le},
      {"binary", 63, TextCoding::binary, TextCoding::binary},
      {"utf8mb3_tolower_ci", 76, TextCoding::utf8mb3, TextCoding::utf8mb3},
      {"ucs2_general_mysql500_ci", 159, TextCoding::ucs2, TextCoding::ucs2},
      {"gb18030_unicode_520_ci", 250, TextCoding::gb18030, TextCoding::gb18030},
      {"utf8mb4_0900_ai_ci", 255, TextCoding::utf8mb4, TextCoding::utf8mb4},
      {"utf8mb4_mn_cyrl_0900_as_cs", 323, TextCoding::utf8mb4, TextCoding::utf8mb4},
      {"utf8mb3_general1400_as_ci", 579, TextCoding::utf8mb3, TextCoding::utf8mb3},
      {"utf32_croatian_ci", 736, TextCoding::utf32, TextCoding::utf32},
      {"big5_chinese_nopad_ci", 1025, TextCoding::unsupported, TextCoding::big5},
      {"a number of a person's own", 1029, TextCoding::unsupported, TextCoding::unsupported},
      {"sjis_japanese_nopad_ci", 1037, TextCoding::unsupported, TextCoding::sjis},
      {"utf8mb4_uca1400_ai_ci", 2304, TextCoding::unsupported, TextCoding::utf8mb4},
      {"ucs2_uca1400_ai_ci", 2560, TextCoding::unsupported, TextCoding::ucs2},
      {"the block of utf32 ends", 3327, TextCoding::unsupported, TextCoding::utf32},
      {"behind it", 3328, TextCoding::unsupported, TextCoding::unsupported},
      {"the largest", 0xFFFFFFFF, TextCoding::unsupported, TextCoding::unsupported},
  };
  for (const CollationCase& c : cases) {
    CAPTURE(c.name);
    CHECK(coding_of_collation(c.number, false) == c.mysql);
    CHECK(coding_of_collation(c.number, true) == c.mariadb);
  }
}

TEST_CASE("which charsets extend ASCII") {
  for (const TextCoding coding : convertible()) {
    std::string ascii;
    for (char c = 0; c < 0x7f; ++c) ascii += c;
    ascii += '\x7f';
    CAPTURE(static_cast<int>(coding));
    CHECK(extends_ascii(coding) == (converted(coding, ascii) == ascii));
  }
  for (const auto coding : {TextCoding::utf8mb4, TextCoding::utf8mb3}) CHECK(extends_ascii(coding));
  for (const auto coding : {TextCoding::unknown, TextCoding::unsupported, TextCoding::binary}) CHECK_FALSE(extends_ascii(coding));
}

}  // namespace
}  // namespace cdc::charset
