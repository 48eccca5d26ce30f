#include "json_text.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "exact_bytes.h"

namespace cdc::cli {
namespace {

/// Reads from a block of exact size into one of exactly the promised size.
std::string escape(std::string_view text) {
  const ExactBytes exact{text};
  const std::unique_ptr<char[]> out{new char[json_escape_factor * text.size() + json_slack_bytes]};
  const char* const end = write_json_escaped(out.get(), reinterpret_cast<const char*>(exact.span().data()), exact.size());
  return {out.get(), static_cast<std::size_t>(end - out.get())};
}

/// The rules once more, one character at a time.
std::string expected(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view special = "\t\n\r\"\\";
    const auto byte = static_cast<unsigned char>(text[i]);
    constexpr char hex[] = "0123456789abcdef";
    if (const auto at = special.find(text[i]); at != special.npos) {
      out.append("\\").append(1, "tnr\"\\"[at]);
    } else if (byte < 0x20 || text[i] == '<' || text[i] == '>' || text[i] == '&') {
      out.append("\\u00").append(1, hex[byte >> 4]).append(1, hex[byte & 15]);
    } else if (text.substr(i, 3) == "\u2028" || text.substr(i, 3) == "\u2029") {
      out.append(text.substr(i, 3) == "\u2028" ? "\\u2028" : "\\u2029");
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

TEST_CASE("escapes are those of Conduit's encoder") {
  std::string controls;
  for (char c = 0; c < 0x20; ++c) controls += c;
  CHECK(escape(controls) == R"(\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\t\n\u000b\u000c\r\u000e\u000f)"
                            R"(\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f)");
  CHECK(escape("\"\\/<>&\x7f\u0080\u2028\u2029é😀'") == "\\\"\\\\/\\u003c\\u003e\\u0026\x7f\u0080\\u2028\\u2029é😀'");
  CHECK(escape("").empty());
}

TEST_CASE("every special character at every place of texts of every length") {
  for (const std::string special : {"\"", "\\", "<", ">", "&", "\n", "\x01", "\u2028", "\u2029", "\u2027", "\u20ac", "\u00e2"}) {
    for (std::size_t size = 0; size <= 50; ++size) {
      for (std::size_t at = 0; at <= size; ++at) {
        const std::string text = std::string(at, 'a') + special + std::string(size - at, 'b');
        CAPTURE(text);
        REQUIRE(escape(text) == expected(text));
      }
    }
  }
}

TEST_CASE("random texts, dense with specials") {
  std::mt19937 random{1};
  const std::string_view alphabet = "ab\"\\<\n ";
  for (int round = 0; round < 5000; ++round) {
    std::string text(random() % 80, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    CAPTURE(text);
    REQUIRE(escape(text) == expected(text));
  }
}

TEST_CASE("cut between characters") {
  struct Case {
    std::string_view text;
    std::size_t most, size;
  };
  const Case cases[] = {{"abc", 5, 3},      {"abc", 3, 3},      {"abcd", 3, 3}, {"ab\u20ac", 3, 2},
                        {"ab\u20ac", 4, 2}, {"ab\u20ac", 5, 5}, {"😀😀", 7, 4}};
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(whole_characters(c.text, c.most) == c.size);
  }
}

}  // namespace
}  // namespace cdc::cli
