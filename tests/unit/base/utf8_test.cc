#include "cdc/base/utf8.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "exact_bytes.h"

namespace cdc {
namespace {

bool valid(const std::string& text) {
  const ExactBytes bytes{text};
  return is_valid_utf8({reinterpret_cast<const char*>(bytes.span().data()), bytes.size()});
}

/// The bytes that a code point would have in `size` bytes, allowed or not.
std::string encoded(std::uint32_t code, unsigned size) {
  if (size == 1) return {static_cast<char>(code)};
  std::string out;
  for (unsigned i = 0; i + 1 < size; ++i, code >>= 6) out.insert(out.begin(), static_cast<char>(0x80 | (code & 0x3f)));
  const auto lead = 0xff00U >> size;
  out.insert(out.begin(), static_cast<char>(lead | code));
  return out;
}

unsigned size_of(std::uint32_t code) { return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4; }

}  // namespace

TEST_CASE("UTF-8, well formed or not") {
  struct Case {
    std::string name, text;
    bool ok;
  };
  const Case cases[] = {
      {"empty", "", true},
      {"NUL", std::string(1, '\0'), true},
      {"two bytes", "é", true},
      {"three bytes", "€", true},
      {"four bytes", "😀", true},
      {"continuation alone", "\x80", false},
      {"overlong slash", "\xc0\xaf", false},
      {"overlong NUL", "\xc0\x80", false},
      {"overlong in two bytes, last", "\xc1\xbf", false},
      {"overlong in three bytes", "\xe0\x9f\xbf", false},
      {"overlong in four bytes", "\xf0\x8f\xbf\xbf", false},
      {"first surrogate", "\xed\xa0\x80", false},
      {"last surrogate", "\xed\xbf\xbf", false},
      {"before the surrogates", "\xed\x9f\xbf", true},
      {"after the surrogates", "\xee\x80\x80", true},
      {"last code point", "\xf4\x8f\xbf\xbf", true},
      {"beyond the last", "\xf4\x90\x80\x80", false},
      {"lead F5", "\xf5\x80\x80\x80", false},
      {"five bytes", "\xf8\x88\x80\x80\x80", false},
      {"FE", "\xfe", false},
      {"FF", "\xff", false},
      {"lead followed by ASCII", "\xc3(", false},
      {"third byte is ASCII", "\xe2\x82(", false},
      {"fourth byte is ASCII", "\xf0\x9f\x98(", false},
      {"latin1", "caf\xe9", false},
      {"cut character before NUL bytes", std::string("\xe2\x82\0\0", 4), false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    for (const std::size_t before : {0U, 1U, 7U, 8U, 15U, 16U, 17U, 33U}) {
      CHECK(valid(std::string(before, 'a') + c.text) == c.ok);
      CHECK(valid(std::string(before, 'a') + c.text + std::string(before, 'b')) == c.ok);
      CHECK(valid("é" + std::string(before, 'a') + c.text + "€") == c.ok);
    }
  }
}

TEST_CASE("every code point is valid in its own size only") {
  std::size_t wrong_count = 0;
  for (std::uint32_t code = 0; code < 0x111000; ++code) {
    const bool surrogate = code >= 0xd800 && code < 0xe000;
    const bool exists = !surrogate && code <= 0x10ffff;
    for (unsigned size = size_of(code); size <= 4; ++size) {
      wrong_count += is_valid_utf8(encoded(code, size)) != (exists && size == size_of(code));
    }
  }
  CHECK(wrong_count == 0);
}

TEST_CASE("every truncation within a character is refused") {
  const std::string text = "a é € 😀 " + std::string(40, 'x') + "😀€é";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    CAPTURE(size);
    const bool at_boundary = size == text.size() || (static_cast<unsigned char>(text[size]) & 0xc0) != 0x80;
    CHECK(valid(text.substr(0, size)) == at_boundary);
  }
}

TEST_CASE("one bad byte is found wherever it is") {
  for (std::size_t size = 1; size <= 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      text[at] = '\xff';
      CAPTURE(size);
      CAPTURE(at);
      CHECK_FALSE(valid(text));
    }
    CHECK(valid(std::string(size, 'a')));
  }
}

}  // namespace cdc
